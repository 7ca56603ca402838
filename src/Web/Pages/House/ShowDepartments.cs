using Madang.Kernel;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/departments</c>: the tree, now and as it was, and what can be changed of it.</summary>
internal static class ShowDepartments
{
    private const string Path = "/house/departments";

    internal static async Task<IResult> List(Visit visit, Departments departments, [FromQuery] string? at, [FromQuery] string? done, CancellationToken cancel)
    {
        try
        {
            // A day that is not over is now.
            var end = Days.End("at", at, visit.Zone) is { } day && day <= visit.At ? day : (DateTimeOffset?)null;
            return Tree(visit, departments, [.. (await departments.List(end, cancel)).Where(each => end is not null || each.ClosedAt is null)], end, null, done);
        }
        catch (InvalidInputException wrong) when (wrong.Field == "at")
        {
            return Tree(visit, departments, [], null, new Wrong("at", visit.Language["house.wrong.at"]), null);
        }
    }

    internal static async Task<IResult> Show(Visit visit, long id, Departments departments, [FromQuery] string? done, CancellationToken cancel) =>
        await Page(visit, departments.Get(id), departments, Filled.Empty, HouseForm.Words(visit, "department", done), cancel);

    internal static IResult New(Visit visit, Departments departments, [FromQuery] string? parent) => Form(visit, departments, Filled.Empty, parent);

    internal static async Task<IResult> Make(Visit visit, IFormCollection form, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var made = await departments.Make(filled["code"], filled["nameKo"], filled["nameEn"], filled.Number("parent"), cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{made.Id}"), "made");
            },
            wrong => Task.FromResult<IResult>(Form(visit, departments, wrong, wrong["parent"])));
    }

    internal static async Task<IResult> Change(Visit visit, long id, IFormCollection form, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                await departments.Change(id, filled["nameKo"], filled["nameEn"], filled.Number("parent"), cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{id}"), "changed");
            },
            async wrong => await Page(visit, departments.Get(id), departments, wrong, null, cancel));
    }

    internal static IResult AskClose(Visit visit, long id, Departments departments)
    {
        var department = departments.Get(id);
        return HouseForm.AskProof(visit, visit.Path) ?? ClosePage(visit, department, departments, Filled.Empty);
    }

    internal static async Task<IResult> Close(Visit visit, long id, IFormCollection form, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                await departments.Close(id, filled.Number("successor"), cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{id}"), "closed");
            },
            wrong => Task.FromResult<IResult>(ClosePage(visit, departments.Get(id), departments, wrong)));
    }

    private static RazorComponentResult<DepartmentsPage> Tree(Visit visit, Departments departments, IReadOnlyList<Department> all, DateTimeOffset? end, Wrong? wrong, string? done) =>
        new(new { Visit = visit, All = all, Departments = departments, End = end, Wrong = wrong, Done = HouseForm.Words(visit, "departments", done) }) { StatusCode = wrong is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity };

    private static async Task<IResult> Page(Visit visit, Department department, Departments departments, Filled filled, string? done, CancellationToken cancel) =>
        new RazorComponentResult<DepartmentPage>(new { Visit = visit, Department = department, Departments = departments, Versions = await departments.ListVersions(department.Id, cancel), Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<DepartmentFormPage> Form(Visit visit, Departments departments, Filled filled, string? parent) =>
        new(new { Visit = visit, Departments = departments, Filled = filled, Parent = parent }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<DepartmentClosePage> ClosePage(Visit visit, Department department, Departments departments, Filled filled) =>
        new(new { Visit = visit, Department = department, Departments = departments, Filled = filled }) { StatusCode = HouseForm.StatusOf(filled) };
}
