using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>Marks routes that a page asks by itself: that is no use of a session, and where a page finds its session ended nobody was refused.</summary>
internal sealed class NoUse
{
    /// <summary>What a page says that refreshes itself while its reader may be away, at routes that he asks too.</summary>
    private const string Header = "Madang-Unasked";

    /// <summary>True when nobody needs to sit before the page that sent this.</summary>
    public static bool Is(HttpContext context) => IsRoute(context) || context.Request.Headers.ContainsKey(Header);

    public static bool IsRoute(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<NoUse>() is not null;
}
