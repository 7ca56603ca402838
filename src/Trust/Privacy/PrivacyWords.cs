using System.Text.Json;

namespace Madang.Trust.Privacy;

/// <summary>Categories and bases as words of JSON and of the record of destruction: <c>sign-in</c>, <c>public-task</c>.</summary>
internal static class PrivacyWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The categories of columns, each once.</summary>
    public static string Categories(IEnumerable<PersonalColumn> columns) => string.Join(' ', columns.Select(column => column.Category).Distinct().Order().Select(Of));
}
