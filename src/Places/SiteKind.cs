using Madang.Kernel;

namespace Madang.Places;

/// <summary>A kind of site. The list is closed, so that what counts sites knows all of them; a new kind is one line here.</summary>
/// <param name="Code">Its word.</param>
/// <param name="NameKo">The Korean name.</param>
/// <param name="NameEn">The English name.</param>
/// <param name="IsSensitive">True where people are who suffer most, or who wait in the open: children, pupils, patients, the old, passengers.</param>
public sealed record SiteKind(string Code, string NameKo, string NameEn, bool IsSensitive)
{
    /// <summary>Cameras that look at a street or a square.</summary>
    public const string Camera = "camera";

    /// <summary>All kinds, in the order in which they are shown.</summary>
    public static IReadOnlyList<SiteKind> All { get; } =
    [
        new("daycare", "어린이집", "Day-care centre", true),
        new("school", "학교", "School", true),
        new("hospital", "병원", "Hospital", true),
        new("elderly-care", "노인요양시설", "Home for the elderly", true),
        new("stop", "버스 정류장", "Bus stop", true),
        new("station", "지하철역", "Subway station", true),
        new("library", "도서관", "Library", false),
        new("shelter", "대피소", "Shelter", false),
        new("fire-station", "소방서", "Fire station", false),
        new(Camera, "카메라(CCTV)", "Camera (CCTV)", false),
    ];

    /// <summary>The kinds where people are who suffer most.</summary>
    public static IReadOnlyList<SiteKind> Sensitive { get; } = [.. All.Where(kind => kind.IsSensitive)];

    /// <summary>The kind of a word; null when there is none.</summary>
    public static SiteKind? Find(string? code) => All.FirstOrDefault(kind => kind.Code == code);

    /// <summary>The kind of a word.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public static SiteKind Get(string? code, string field) =>
        Find(code) ?? throw new InvalidInputException(field, $"'{(code is { Length: > 40 } ? code[..40] : code)}' is no kind of site; there are {string.Join(", ", All.Select(kind => kind.Code))}");
}
