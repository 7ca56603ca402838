using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/people/invite</c>: invites somebody by letter to a role.</summary>
internal static class ShowInvite
{
    private const string Path = "/house/people/invite";

    internal static IResult Show(Visit visit, Departments departments) => Page(visit, departments, Filled.Empty);

    internal static async Task<IResult> Invite(Visit visit, IFormCollection form, InvitationDesk desk, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var (department, until) = (filled.Number("department"), filled.EndOfDay("until", visit.Zone));
                if ((filled["role"] is null or Role.Everybodys ? null : HouseForm.AskProof(visit, Path) ?? (filled["role"] == "administrator" && filled["sure"] is null ? AskAdministrator(visit, filled) : null)) is { } first)
                {
                    return first;
                }

                var invited = await desk.Invite(filled["name"], filled["email"], filled["role"], department, filled["purpose"], until, filled["language"] ?? visit.Language.Code, cancel);
                return HouseForm.Done(visit, "/house/people/" + invited.Person, invited.IsNew ? "invited" : "role");
            },
            wrong => Task.FromResult<IResult>(Page(visit, departments, wrong)));
    }

    private static RazorComponentResult<InvitePage> Page(Visit visit, Departments departments, Filled filled) =>
        new(new { Visit = visit, Departments = departments, Filled = filled }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ActPage> AskAdministrator(Visit visit, Filled filled) => new(new
    {
        Visit = visit, Act = "administrator", Subject = $"{filled["name"]} · {filled["email"]}", To = Path, Back = Path, BackWords = visit.Language["house.people.invite"],
        Hidden = (IReadOnlyList<(string, string?)>)[.. ((string[])["name", "email", "role", "department", "purpose", "until", "language"]).Select(name => (name, filled[name])), ("sure", "yes")],
    });
}
