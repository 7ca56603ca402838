using Madang.Operations;
using Madang.Web.Text;

namespace Madang.Web.Pages.Alerts;

/// <summary>How warnings of other agencies are said: in the reader's language where they speak it, else in the first they speak.</summary>
internal static class WarningWords
{
    private const int MostAreas = 10;

    public static CapTold Told(Language language, CapReceived warning) =>
        warning.Says.FirstOrDefault(told => told.Language.StartsWith(language.IsKorean ? "ko" : "en", StringComparison.OrdinalIgnoreCase)) ?? warning.Says[0];

    public static string Areas(Language language, CapTold told)
    {
        var named = string.Join(", ", told.Areas.Take(MostAreas));
        return told.Areas.Count > MostAreas ? language.Say("warnings.areas", named, Reading.Count(told.Areas.Count - MostAreas)) : named;
    }
}
