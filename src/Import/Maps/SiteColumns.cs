using Madang.Kernel;

namespace Madang.Import.Maps;

/// <summary>Where the members of a site stand in a row: in columns that were named, or that bear one of the names that Korean public data give them.</summary>
internal sealed class SiteColumns
{
    private const string Code = "code", Name = "name", Longitude = "longitude", Latitude = "latitude";

    /// <summary>The headers of each member, the surest first.</summary>
    private static readonly Dictionary<string, string[]> Known = new()
    {
        [Name] = ["이름", "명칭", "시설명", "기관명", "지하철역", "역명", "도서관명", "학교명", "병원명", "어린이집명", "정류소명", "정류장명", "소방서명", "대피소명", "name"],
        ["name_en"] = ["영문명", "영문이름", "영문명칭", "name_en"],
        [Code] = ["코드", "일련번호", "도서관 일련번호", "관리번호", "시설코드", "역번호", "정류소번호", "정류장번호", "호선+지하철역", "호선+역명", "code", "id"],
        [Longitude] = ["경도", "longitude", "lon", "lng", "x"],
        [Latitude] = ["위도", "latitude", "lat", "y"],
        ["address"] = ["주소", "도로명주소", "소재지도로명주소", "소재지", "address"],
        ["capacity"] = ["정원", "정원수", "수용인원", "capacity"],
    };

    private readonly Dictionary<string, int[]> places = [];

    public SiteColumns(string[] header, IReadOnlyDictionary<string, string> named)
    {
        foreach (var (member, column) in named)
        {
            if (!Known.ContainsKey(member))
            {
                throw new InvalidInputException("--column", $"'{member}' is no member of a site; there are {string.Join(", ", Known.Keys)}");
            }

            places[member] = Find(header, column) ?? throw new InvalidInputException("--column", $"the file has no column '{column}'; it has {string.Join(", ", header)}");
        }

        foreach (var (member, names) in Known.Where(known => !places.ContainsKey(known.Key)))
        {
            if (names.Select(name => Find(header, name)).OfType<int[]>().FirstOrDefault() is { } found)
            {
                places[member] = found;
            }
        }

        foreach (var member in (string[])[Name, Longitude, Latitude])
        {
            if (!places.ContainsKey(member))
            {
                throw new InvalidInputException("--column", $"no column looks like the {member}; say which with --column {member}=COLUMN. The file has {string.Join(", ", header)}");
            }
        }
    }

    /// <summary>A member of a row; null when it has none.</summary>
    public string? Of(string member, string[] cells) =>
        places.TryGetValue(member, out var columns) && string.Join('-', columns.Select(column => cells[column].Trim())) is { Length: > 0 } text && text.Any(letter => letter != '-') ? text : null;

    /// <summary>The code of a row, made of its columns or else of its name; what may not stand in a code becomes a hyphen.</summary>
    public string CodeOf(string[] cells) =>
        string.Concat((Of(Code, cells) ?? Of(Name, cells) ?? "").Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':' ? letter : '-'));

    private static int[]? Find(string[] header, string names)
    {
        var columns = names.Split('+').Select(name => Array.FindIndex(header, each => string.Equals(each, name.Trim(), StringComparison.OrdinalIgnoreCase))).ToArray();
        return columns.Contains(-1) ? null : columns;
    }
}
