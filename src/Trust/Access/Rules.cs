using System.Text.RegularExpressions;
using Madang.Kernel;

namespace Madang.Trust.Access;

/// <summary>What every change of the house is checked for.</summary>
internal static partial class Rules
{
    private const int LongestText = 2000;

    /// <summary>Refuses a caller who may not do it in this department (null: in the whole city).</summary>
    public static void Demand(Act act, string kind, long? department)
    {
        if (!Caller.Current.MayIn(act, kind, department))
        {
            throw Forbidden();
        }
    }

    /// <summary>One answer for all that is not allowed: it does not say what would be needed, nor what there is.</summary>
    public static CityRuleException Forbidden() => new("forbidden", "This caller may not do that.", 403);

    public static CityRuleException Missing(string what) => new("not-found", $"There is no such {what}.", 404);

    public static string Code(string? code, string field = "code") =>
        code is not null && CodeForm().IsMatch(code) ? code : throw new InvalidInputException(field, "is 1 to 64 letters, digits, '-' and '_', and begins with a letter or digit");

    public static string Text(string? text, string field, int longest = 200) =>
        text?.Trim() is { Length: > 0 } trimmed && trimmed.Length <= longest && !trimmed.Any(char.IsControl) ? trimmed : throw new InvalidInputException(field, $"is required: 1 to {longest} characters on one line");

    /// <summary>What something is for stands in the record and its signed log for ever, where nothing personal may stand: no address of e-mail, no long number.</summary>
    public static string Purpose(string? text) =>
        Text(text, "purpose") is var purpose && !LooksPersonal().IsMatch(purpose) ? purpose : throw new InvalidInputException("purpose", "stays in the record for ever; write no address of e-mail and no telephone or other number of a person");

    /// <summary>An address of e-mail; seven digits and more, with hyphens, dots or spaces between.</summary>
    [GeneratedRegex(@"[^\s@]+@[^\s@]+\.[^\s@]+|\d(?:[-. ]?\d){6,}")]
    private static partial Regex LooksPersonal();

    public static string Optional(string? text, string field) =>
        (text ?? "").Trim() is { Length: <= LongestText } trimmed ? trimmed : throw new InvalidInputException(field, $"has more than {LongestText} characters");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
    private static partial Regex CodeForm();
}
