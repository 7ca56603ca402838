using Microsoft.AspNetCore.Http;

namespace Madang.Web;

/// <summary>How a reader wants to see the pages: kept in a cookie that says nothing else, so that the server draws it right at once.</summary>
/// <param name="Mode">The colours: <c>light</c>, <c>dark</c> or <c>contrast</c> (KRDS 선명한 화면); null for what the device asks for.</param>
/// <param name="Size">The size of the text: <c>small</c>, <c>large</c>, <c>larger</c> or <c>largest</c> (KRDS 글자·화면 설정); null for the usual one.</param>
public sealed record Look(string? Mode, string? Size)
{
    /// <summary>The name of the cookie; over HTTPS Trust puts <c>__Host-</c> before it, as before every cookie of the house.</summary>
    public const string Cookie = "madang-look";

    /// <summary>The modes one can choose, as they are listed.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["light", "dark", "contrast"];

    /// <summary>The sizes one can choose, as they are listed; <c>medium</c> is the usual one.</summary>
    public static IReadOnlyList<string> Sizes { get; } = ["small", "medium", "large", "larger", "largest"];

    /// <summary>Reads the cookie <c>mode.size</c>; what is no choice is the usual one.</summary>
    public static Look Of(HttpRequest request)
    {
        var parts = (request.Cookies[Cookie] ?? "").Split('.');
        return Make(parts[0], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>A look from words that anybody may have written.</summary>
    public static Look Make(string? mode, string? size) =>
        new(mode is not null && Modes.Contains(mode) ? mode : null, size is not null && size != "medium" && Sizes.Contains(size) ? size : null);

    /// <summary>What the cookie holds.</summary>
    public override string ToString() => $"{Mode ?? "auto"}.{Size ?? "medium"}";
}
