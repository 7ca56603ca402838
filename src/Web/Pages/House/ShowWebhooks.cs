using Madang.Kernel;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/webhooks</c>: addresses that are told of new Observations. To send the city's data elsewhere, or to end that for good, takes a fresh proof; to pause does not.</summary>
internal static class ShowWebhooks
{
    private const string Path = "/house/webhooks";

    internal static async Task<IResult> List(Visit visit, WebhookDesk desk, [FromQuery] string? done, CancellationToken cancel) =>
        await Page(visit, desk, Filled.Empty, HouseForm.Words(visit, "webhook", done), cancel);

    internal static async Task<IResult> Make(Visit visit, IFormCollection form, WebhookDesk desk, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var (_, secret) = await desk.Make(filled["name"], filled["url"], filled["query"], cancel);
                return new RazorComponentResult<WebhookSecretPage>(new { Visit = visit, Name = filled["name"]!, Secret = secret });
            },
            async wrong => await Page(visit, desk, wrong.Wrong is { Field: "query" or "url" or "name" or null } ? wrong : wrong.With(new Wrong("query", wrong.Wrong!.Text)), null, cancel));
    }

    internal static async Task<IResult> Switch(Visit visit, long id, IFormCollection form, WebhookDesk desk, CancellationToken cancel)
    {
        var on = new Filled(form)["on"] == "true";
        await desk.Switch(id, on, cancel);
        return HouseForm.Done(visit, Path, on ? "on" : "off");
    }

    internal static async Task<IResult> AskDelete(Visit visit, long id, WebhookDesk desk, CancellationToken cancel)
    {
        var hook = (await desk.List(cancel)).FirstOrDefault(each => each.Id == id) ?? throw new CityRuleException("not-found", "There is no such webhook.", 404);
        return HouseForm.AskProof(visit, visit.Path) ?? new RazorComponentResult<ActPage>(new
        {
            Visit = visit, Act = "webhook-delete", Subject = $"{hook.Name} ({hook.Url})", To = FormattableString.Invariant($"{Path}/{hook.Id}/delete"), Back = Path, BackWords = visit.Language["house.menu.webhooks"],
        });
    }

    internal static async Task<IResult> Delete(Visit visit, long id, WebhookDesk desk, CancellationToken cancel)
    {
        if (HouseForm.AskProof(visit, Path) is { } proof)
        {
            return proof;
        }

        await desk.Delete(id, cancel);
        return HouseForm.Done(visit, Path, "deleted");
    }

    private static async Task<RazorComponentResult<WebhooksPage>> Page(Visit visit, WebhookDesk desk, Filled filled, string? done, CancellationToken cancel) =>
        new(new { Visit = visit, Hooks = await desk.List(cancel), Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };
}
