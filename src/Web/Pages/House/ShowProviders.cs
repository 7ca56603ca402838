using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/providers</c>: who brings Things in, and their projects.</summary>
internal static class ShowProviders
{
    private const string Path = "/house/providers";

    internal static IResult List(Visit visit, Providers providers, Departments departments) =>
        new RazorComponentResult<ProvidersPage>(new { Visit = visit, All = providers.List(), Departments = departments });

    internal static IResult Show(Visit visit, long id, Providers providers, Departments departments, [FromQuery] string? done) =>
        Page(visit, providers.Get(id), providers, departments, Filled.Empty, HouseForm.Words(visit, "provider", done));

    internal static IResult New(Visit visit, Providers providers, Departments departments, [FromQuery] string? parent) => Form(visit, providers, departments, Filled.Empty, parent);

    internal static async Task<IResult> Make(Visit visit, IFormCollection form, Providers providers, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var parent = filled.Number("parent");
                // A project has the department of its provider, whatever the form says.
                var made = await providers.Make(filled["code"], filled["name"], filled["description"], parent is null ? filled.Number("department") : null, parent, filled["isPublic"] is not null, cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{made.Id}"), "made");
            },
            wrong => Task.FromResult<IResult>(Form(visit, providers, departments, wrong, wrong["parent"])));
    }

    internal static async Task<IResult> Change(Visit visit, long id, IFormCollection form, Providers providers, Departments departments, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                await providers.Change(id, filled["name"], filled["description"], filled["isPublic"] is not null, cancel);
                return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{id}"), "changed");
            },
            wrong => Task.FromResult<IResult>(Page(visit, providers.Get(id), providers, departments, wrong, null)));
    }

    internal static IResult AskClose(Visit visit, long id, Providers providers)
    {
        var provider = providers.Get(id);
        return HouseForm.AskProof(visit, visit.Path) ?? ClosePage(visit, provider, Filled.Empty);
    }

    internal static async Task<IResult> Close(Visit visit, long id, Providers providers, CancellationToken cancel) => HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            await providers.Close(id, cancel);
            return HouseForm.Done(visit, FormattableString.Invariant($"{Path}/{id}"), "closed");
        },
        wrong => Task.FromResult<IResult>(ClosePage(visit, providers.Get(id), wrong)));

    private static RazorComponentResult<ProviderPage> Page(Visit visit, Provider provider, Providers providers, Departments departments, Filled filled, string? done) =>
        new(new { Visit = visit, Provider = provider, All = providers.List(), Departments = departments, Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ProviderFormPage> Form(Visit visit, Providers providers, Departments departments, Filled filled, string? parent) =>
        new(new { Visit = visit, All = providers.List(), Departments = departments, Filled = filled, Parent = parent }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ActPage> ClosePage(Visit visit, Provider provider, Filled filled) => new(new
    {
        Visit = visit, Act = "provider-close", Subject = $"{provider.Name} ({provider.Code})", To = FormattableString.Invariant($"{Path}/{provider.Id}/close"),
        Back = FormattableString.Invariant($"{Path}/{provider.Id}"), BackWords = provider.Name, Filled = filled,
    }) { StatusCode = HouseForm.StatusOf(filled) };
}
