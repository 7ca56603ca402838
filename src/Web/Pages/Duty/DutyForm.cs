using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Web.Pages.House;
using Madang.Web.Text;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.Duty;

/// <summary>What the forms of duty have in common.</summary>
internal static class DutyForm
{
    /// <summary>Does what a form asks for; what is wrong is told in the reader's words.</summary>
    public static async Task<IResult> Try(Visit visit, Filled filled, Func<Task<IResult>> act, Func<Filled, Task<IResult>> again)
    {
        try
        {
            return await act();
        }
        catch (InvalidInputException wrong)
        {
            var field = wrong.Field.Split('.')[^1].Split('[')[0];
            return await again(filled.With(new Wrong(field, visit.Language.Find("duty.wrong." + field) ?? Reasons.Say(visit.Language, wrong.Reason).Text)));
        }
        catch (CityRuleException broken) when (visit.Language.Find("duty.problem." + broken.Code) is { } words)
        {
            return await again(filled.With(new Wrong(null, words)));
        }
    }

    /// <summary>A moment of the city's clock, as a browser sends it: <c>2026-07-19T14:20</c>.</summary>
    public static DateTimeOffset? Moment(Visit visit, Filled filled, string field)
    {
        if (filled[field] is not { } text)
        {
            return null;
        }

        if (!DateTime.TryParseExact(text.Trim().Replace(' ', 'T'), "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 1900 or > 2199)
        {
            throw new InvalidInputException(field, "is a day and a time, written as 2026-12-31T18:00");
        }

        return new DateTimeOffset(local, visit.Zone.GetUtcOffset(local));
    }

    /// <summary>The same, where one is needed.</summary>
    public static DateTimeOffset Need(Visit visit, Filled filled, string field) => Moment(visit, filled, field) ?? throw new InvalidInputException(field, "is required");

    /// <summary>A time of day; null for an empty field.</summary>
    public static TimeOnly? Time(Filled filled, string field) =>
        filled[field] is not { } text ? null : TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : throw new InvalidInputException(field, "is a time, written as 22:00");

    /// <summary>Words with spaces or commas between them.</summary>
    public static IReadOnlyList<string> Words(Filled filled, string field) => filled[field]?.Split([' ', ',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The account of the reader, who is a person.</summary>
    public static string Me(Visit visit) => visit.Caller.Id["person:".Length..];

    /// <summary>The rules that are in force, to choose from.</summary>
    public static async Task<IReadOnlyList<(string Id, RuleText Name)>> Rules(RuleBook book, CancellationToken cancel) =>
        [.. (await book.List(cancel)).Where(known => known.InForce is not null).Select(known => (known.Id, known.InForce!.Rule.Name))];

    /// <summary>What was done, in words, when the address says it.</summary>
    public static string? Done(Visit visit, string? done) => done is { Length: < 20 } ? visit.Language.Find("duty.done." + done) : null;

    /// <summary>Back to the page, with a word for what was done.</summary>
    public static IResult Back(Visit visit, string path, string done) => HouseForm.Done(visit, path, done);
}
