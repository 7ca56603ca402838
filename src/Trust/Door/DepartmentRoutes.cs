using Madang.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Door;

/// <summary><c>/api/departments</c> and <c>/api/roles</c>.</summary>
internal static class DepartmentRoutes
{
    /// <summary>A new department, or what it is from now on.</summary>
    public sealed record Body(string? Code, string? NameKo, string? NameEn, long? Parent);

    /// <summary>Who takes over.</summary>
    public sealed record CloseBody(long? Successor);

    /// <summary>A role for a person.</summary>
    public sealed record GrantBody(string? Person, string? Role, long? Department, string? Purpose, DateTimeOffset? Until);

    /// <summary>A role and what it allows.</summary>
    public sealed record RoleText(string Code, IReadOnlyList<string> May);

    internal static Task<IReadOnlyList<Department>> List(string? at, Departments departments, CancellationToken cancel)
    {
        return departments.List(QueryText.Moment("at", at), cancel);
    }

    internal static async Task<Created<Department>> Make(Body body, Departments departments, CancellationToken cancel)
    {
        var made = await departments.Make(body.Code, body.NameKo, body.NameEn, body.Parent, cancel);
        return TypedResults.Created($"/api/departments/{made.Id}", made);
    }

    internal static Task<Department> Change(long id, Body body, Departments departments, CancellationToken cancel) =>
        body.Code is not null ? throw new InvalidInputException("code", "stays what it is") : departments.Change(id, body.NameKo, body.NameEn, body.Parent, cancel);

    internal static Task<Department> Close(long id, CloseBody body, Departments departments, CancellationToken cancel) => departments.Close(id, body.Successor, cancel);

    internal static IReadOnlyList<RoleText> Roles() =>
        [.. Role.All.Select(role => new RoleText(role.Code, [.. role.Permissions.Select(permission => $"{permission.Act.ToString().ToLowerInvariant()}:{permission.Kind}")]))];

    internal static IReadOnlyList<Grant> GrantsOf(string? person, string? after, Grants grants) => grants.List(person, QueryText.Number("after", after) ?? 0);

    internal static async Task<Created<Grant>> Give(GrantBody body, Grants grants, CancellationToken cancel)
    {
        var given = await grants.Give(body.Person, body.Role, body.Department, body.Purpose, body.Until, cancel);
        return TypedResults.Created($"/api/grants/{given.Id}", given);
    }

    internal static async Task<NoContent> End(long id, Grants grants, CancellationToken cancel)
    {
        await grants.End(id, cancel);
        return TypedResults.NoContent();
    }
}
