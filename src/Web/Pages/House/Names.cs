using Madang.Trust;

namespace Madang.Web.Pages.House;

/// <summary>What roles, departments and providers are called in the reader's language.</summary>
internal static class Names
{
    public static string Of(Language language, Role? role) => role is null ? "" : language.IsKorean ? role.NameKo : Capital(role.NameEn);

    public static string OfRole(Language language, string code) => Role.Find(code) is { } role ? Of(language, role) : code;

    public static string Of(Language language, Department? department) => department is null ? language["house.department.unknown"] : language.IsKorean ? department.NameKo : department.NameEn;

    /// <summary>A department, or the whole city where there is none.</summary>
    public static string Where(Language language, Departments departments, long? department) => department is { } id ? Of(language, departments.Find(id)) : language["house.whole-city"];

    /// <summary>Departments as they can be chosen: the code sets apart two of the same name.</summary>
    public static IEnumerable<(string Value, string Words)> Options(Language language, IEnumerable<Department> departments) =>
        departments.Select(each => (FormattableString.Invariant($"{each.Id}"), $"{Of(language, each)} ({each.Code})"));

    /// <summary>The roles as they can be chosen.</summary>
    public static IEnumerable<(string Value, string Words)> Roles(Language language) => Role.All.Select(role => (role.Code, Of(language, role)));

    private static string Capital(string word) => string.Concat(char.ToUpperInvariant(word[0]).ToString(), word.AsSpan(1));
}
