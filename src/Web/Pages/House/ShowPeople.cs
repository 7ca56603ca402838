using System.Globalization;
using Madang.Kernel;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/people</c>: who has an account.</summary>
internal static class ShowPeople
{
    internal static async Task<IResult> List(
        Visit visit, PeopleDesk desk, Departments departments, [FromQuery] string? q, [FromQuery] string? role, [FromQuery] string? department, [FromQuery] string? after, [FromQuery] string? done, CancellationToken cancel)
    {
        long? under = long.TryParse(department, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        var asked = new PeopleQuery(q, Role.Find(role ?? "")?.Code, under, string.IsNullOrEmpty(after) ? null : after);
        try
        {
            if (!string.IsNullOrEmpty(role) && asked.Role is null)
            {
                throw new InvalidInputException("role", "is no role");
            }

            if (!string.IsNullOrEmpty(department) && (under is null || departments.Find(id) is null))
            {
                throw new InvalidInputException("department", "is no department");
            }

            return Page(visit, departments, asked, await desk.List(asked, cancel), null, done);
        }
        catch (InvalidInputException wrong) when (wrong.Field is "q" or "after" or "role" or "department")
        {
            return Page(visit, departments, asked, null, new Wrong(wrong.Field, visit.Language["house.wrong." + wrong.Field]), null);
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult<PeopleListPage> Page(Visit visit, Departments departments, PeopleQuery asked, PeoplePage? found, Wrong? wrong, string? done) =>
        new(new { Visit = visit, Departments = departments, Query = asked, Found = found, Wrong = wrong, Done = HouseForm.Words(visit, "people", done) }) { StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };
}
