using Madang.Operations;

namespace Madang.Web.Pages.District;

/// <summary>A district's place among the others, in words.</summary>
internal static class DistrictWords
{
    /// <summary>25개 구 가운데 3번째로 높습니다; empty when there is nothing to compare with.</summary>
    public static string Rank(Language language, Ranking ranking, string code)
    {
        if (ranking.Find(code) is not { } own || ranking.Places.Count < 2)
        {
            return "";
        }

        var all = ranking.Places.Count;
        var what = ranking.Unknown.Count == 0 ? "district.rank" : "district.rank-known";
        return own switch
        {
            { Rank: 1, Tied: true } => language.Say("district.rank.first-tied", language.Say(what, all)),
            { Rank: 1 } => language.Say("district.rank.first", language.Say(what, all)),
            { Tied: false } when own.Rank == all => language.Say("district.rank.last", language.Say(what, all)),
            { Tied: true } => language.Say("district.rank.tied", language.Say(what, all), Ordinal(language, own.Rank)),
            _ => language.Say("district.rank.nth", language.Say(what, all), Ordinal(language, own.Rank)),
        };
    }

    /// <summary>3번째, 3rd.</summary>
    public static string Ordinal(Language language, int number) => language.IsKorean ? $"{number}번째" : (number % 100, number % 10) switch
    {
        (11 or 12 or 13, _) => $"{number}th",
        (_, 1) => $"{number}st",
        (_, 2) => $"{number}nd",
        (_, 3) => $"{number}rd",
        _ => $"{number}th",
    };
}
