using Madang.Kernel;
using Madang.Web.Text;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.Fields;

/// <summary>Does what a form of data asks for; what is wrong is told beside the field, in the reader's words.</summary>
internal static class FormTry
{
    /// <param name="visit">The reader.</param>
    /// <param name="groups">The fields of the form.</param>
    /// <param name="filled">What was sent.</param>
    /// <param name="act">What is to be done.</param>
    /// <param name="again">The form, when something is wrong with it.</param>
    public static async Task<IResult> Do(Visit visit, IReadOnlyList<DataGroup> groups, Filled filled, Func<Task<IResult>> act, Func<Filled, IResult> again)
    {
        try
        {
            return await act();
        }
        catch (InvalidInputException wrong)
        {
            // What belongs to no field, or to several, is told with the name that the interface has for it.
            var reason = Reasons.Say(visit.Language, wrong.Reason).Text;
            var isField = wrong.Field is "id" || groups.Any(group => group.Fields.Any(field => field.Path == wrong.Field));
            return again(filled.With(new Wrong(wrong.Field, isField ? reason : $"{wrong.Field}: {reason}")));
        }
        catch (CityRuleException broken) when ((visit.Language.Find("form.problem." + broken.Code) ?? visit.Language.Find("house.problem." + broken.Code) ?? visit.Language.Find("auto.problem." + broken.Code)) is { } words)
        {
            return again(filled.With(new Wrong(null, words)));
        }
        catch (UnavailableException busy) when (visit.Language.Find("form.problem." + busy.Code) is { } words)
        {
            return again(filled.With(new Wrong(null, words)));
        }
    }

    /// <summary>Words that stand in an address for a page of the house: nothing is called by them.</summary>
    private static readonly string[] Pages = ["new", "reports"];

    /// <summary>What the form says at its top: what is wrong, and beside which field.</summary>
    public static string? Top(Filled filled, IReadOnlyList<DataGroup> groups) =>
        filled.Wrong is not { } wrong ? null : groups.SelectMany(group => group.Fields.Select(field => (group, field))).FirstOrDefault(each => each.field.Path == wrong.Field) is { field: { } about } found ? $"{found.group.Title} · {about.Label}: {wrong.Text}" : wrong.Text;

    /// <summary>Refuses what somebody else changed meanwhile: the reader has not seen it.</summary>
    /// <exception cref="CityRuleException">It was (409).</exception>
    public static void DemandSeen(Filled filled, int newest)
    {
        if (filled.Number("seen") != newest)
        {
            throw new CityRuleException("changed-meanwhile", "Somebody changed this meanwhile.");
        }
    }

    /// <summary>Refuses a word for a new thing that cannot be its address, or is one already.</summary>
    /// <exception cref="InvalidInputException">It is.</exception>
    public static string NewId(Filled filled, bool isTaken) =>
        filled["id"]?.Trim() is not { Length: > 0 } id ? throw new InvalidInputException("id", "is required") : isTaken || Pages.Contains(id, StringComparer.OrdinalIgnoreCase) ? throw new InvalidInputException("id", "is taken") : id;
}
