using Madang.Trust;
using Madang.Web.Pages.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/people/{id}</c>: one person, the roles, and whether the person may come in.</summary>
internal static class ShowPerson
{
    private const string Administrator = "administrator";

    internal static async Task<IResult> Show(Visit visit, string id, PeopleDesk desk, Departments departments, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, await desk.Get(id, cancel), departments, Filled.Empty, HouseForm.Words(visit, "person", done));

    internal static async Task<IResult> Give(Visit visit, string id, IFormCollection form, PeopleDesk desk, Grants grants, Departments departments, CancellationToken cancel)
    {
        var (filled, path) = (new Filled(form), "/house/people/" + id);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var person = await desk.Get(id, cancel);
                var (department, until) = (filled.Number("department"), filled.EndOfDay("until", visit.Zone));
                if ((filled["role"] is null or Role.Everybodys ? null : HouseForm.AskProof(visit, path) ?? (filled["role"] == Administrator && filled["sure"] is null ? AskAdministrator(visit, person, filled) : null)) is { } first)
                {
                    return first;
                }

                await grants.Give(person.Id, filled["role"], department, filled["purpose"], until, cancel);
                return HouseForm.Done(visit, path, "role");
            },
            async wrong => Page(visit, await desk.Get(id, cancel), departments, wrong, null));
    }

    internal static async Task<IResult> AskEnd(Visit visit, string id, long grant, PeopleDesk desk, Departments departments, CancellationToken cancel) =>
        EndPage(visit, await desk.Get(id, cancel), grant, departments, Filled.Empty);

    internal static async Task<IResult> End(Visit visit, string id, long grant, PeopleDesk desk, Grants grants, Departments departments, CancellationToken cancel) => HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            if ((await desk.Get(id, cancel)).Grants.All(each => each.Id != grant))
            {
                return MissingPage.Answer(visit);
            }

            await grants.End(grant, cancel);
            return HouseForm.Done(visit, "/house/people/" + id, "role-end");
        },
        async wrong => EndPage(visit, await desk.Get(id, cancel), grant, departments, wrong));

    internal static async Task<IResult> Resend(Visit visit, string id, PeopleDesk desk, InvitationDesk invitations, Departments departments, CancellationToken cancel) => await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            await invitations.Resend(id, cancel);
            return HouseForm.Done(visit, "/house/people/" + id, "letter");
        },
        async wrong => Page(visit, await desk.Get(id, cancel), departments, wrong, null));

    internal static async Task<IResult> Unlock(Visit visit, string id, PeopleDesk desk, Departments departments, CancellationToken cancel) => await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            var path = "/house/people/" + id;
            if (HouseForm.AskProof(visit, path) is { } proof)
            {
                return proof;
            }

            await desk.Unlock(id, cancel);
            return HouseForm.Done(visit, path, "unlock");
        },
        async wrong => Page(visit, await desk.Get(id, cancel), departments, wrong, null));

    internal static async Task<IResult> Ask(Visit visit, string id, string act, PeopleDesk desk, CancellationToken cancel)
    {
        if (act is not ("lock" or "sessions" or "withdraw"))
        {
            return MissingPage.Answer(visit);
        }

        var person = await desk.Get(id, cancel);
        return HouseForm.AskProof(visit, visit.Path) ?? ActOn(visit, person, act, Filled.Empty);
    }

    internal static async Task<IResult> Do(Visit visit, string id, string act, PeopleDesk desk, InvitationDesk invitations, CancellationToken cancel)
    {
        if (act is not ("lock" or "sessions" or "withdraw"))
        {
            return MissingPage.Answer(visit);
        }

        return HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
            visit, Filled.Empty,
            async () =>
            {
                await (act switch { "lock" => desk.Lock(id, cancel), "sessions" => desk.EndSessions(id, cancel), _ => invitations.Withdraw(id, cancel) });
                return act == "withdraw" ? HouseForm.Done(visit, "/house/people", act) : HouseForm.Done(visit, "/house/people/" + id, act);
            },
            async wrong => ActOn(visit, await desk.Get(id, cancel), act, wrong));
    }

    private static RazorComponentResult<PersonPage> Page(Visit visit, PersonDetail person, Departments departments, Filled filled, string? done) =>
        new(new { Visit = visit, Person = person, Departments = departments, Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ActPage> ActOn(Visit visit, PersonDetail person, string act, Filled filled) =>
        new(new { Visit = visit, Act = act, Subject = person.Name, To = $"/house/people/{person.Id}/act/{act}", Back = "/house/people/" + person.Id, BackWords = person.Name, Filled = filled }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ActPage> AskAdministrator(Visit visit, PersonDetail person, Filled filled) => new(new
    {
        Visit = visit, Act = "administrator", Subject = person.Name, To = $"/house/people/{person.Id}/roles", Back = "/house/people/" + person.Id, BackWords = person.Name,
        Hidden = (IReadOnlyList<(string, string?)>)[("role", Administrator), ("department", filled["department"]), ("purpose", filled["purpose"]), ("until", filled["until"]), ("sure", "yes")],
    });

    private static IResult EndPage(Visit visit, PersonDetail person, long id, Departments departments, Filled filled) =>
        person.Grants.FirstOrDefault(each => each.Id == id) is not { } grant ? MissingPage.Answer(visit) : new RazorComponentResult<ActPage>(new
        {
            Visit = visit, Act = "role-end", Subject = $"{person.Name} · {Names.OfRole(visit.Language, grant.Role)} ({Names.Where(visit.Language, departments, grant.Department)})",
            To = FormattableString.Invariant($"/house/people/{person.Id}/roles/{grant.Id}/end"), Back = "/house/people/" + person.Id, BackWords = person.Name, Filled = filled,
        }) { StatusCode = HouseForm.StatusOf(filled) };
}
