using Madang.Kernel;
using Madang.Web.Pages.Account;
using Madang.Web.Text;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.House;

/// <summary>What all forms of the house have in common.</summary>
internal static class HouseForm
{
    /// <summary>Does what a form asks for; what is wrong with it is told on the form itself.</summary>
    public static async Task<IResult> Try(Visit visit, Filled filled, Func<Task<IResult>> act, Func<Filled, Task<IResult>> again)
    {
        try
        {
            return await act();
        }
        catch (InvalidInputException wrong)
        {
            return await again(filled.With(new Wrong(wrong.Field, visit.Language.Find("house.wrong." + wrong.Field) ?? Reasons.Say(visit.Language, wrong.Reason).Text)));
        }
        catch (CityRuleException broken) when (visit.Language.Find("house.problem." + broken.Code) is { } words)
        {
            return await again(filled.With(new Wrong(null, words)));
        }
    }

    /// <summary>Leads to the fresh proof and back when the last one is too old for a dangerous act; null when it is not.</summary>
    public static IResult? AskProof(Visit visit, string back) => visit.Me!.IsFresh(visit.At) ? null : ShowAgain.Ask(visit, back);

    /// <summary>The page of what was changed, with a word for what was done.</summary>
    public static IResult Done(Visit visit, string path, string done) => TypedResults.LocalRedirect(visit.To($"{path}?done={done}"));

    /// <summary>The status of a form that is shown again.</summary>
    public static int StatusOf(Filled filled) => filled.Wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity;

    /// <summary>What was done, in words, when the address says it and it is one that this group of pages says.</summary>
    public static string? Words(Visit visit, string group, string? done) => done is { Length: < 20 } ? visit.Language.Find($"house.{group}.done.{done}") : null;
}
