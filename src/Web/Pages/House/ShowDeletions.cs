using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Web.Pages.Ask;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/deletions</c>: Observations that a query chooses are deleted, after one has seen how many and which. What is deleted does not come back, so that a fresh proof is asked for.</summary>
internal static class ShowDeletions
{
    private const string Path = "/house/deletions";

    internal static Task<IResult> List(Visit visit, DeletionDesk desk, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, desk, Filled.Empty, HouseForm.Words(visit, "deletions", done), cancel);

    /// <summary>Shows what would go; nothing does.</summary>
    internal static async Task<IResult> Preview(Visit visit, IFormCollection form, HttpContext context, DeletionDesk desk, SensorThingsDoor door, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var preview = await desk.Preview(AskedAddress.Of(filled["query"] ?? "") is { Path.Length: > 0 } asked ? Written(asked) : filled["query"], cancel);
                return new RazorComponentResult<DeletionPage>(new { Visit = visit, Preview = preview, Examples = await Examples(context, door, preview) });
            },
            wrong => Page(visit, desk, wrong.Wrong is { Field: null } ? wrong : wrong.With(new Wrong("query", wrong.Wrong!.Text)), null, cancel));
    }

    internal static async Task<IResult> AskStart(Visit visit, long id, DeletionDesk desk, CancellationToken cancel)
    {
        var job = await desk.Get(id, cancel);
        return HouseForm.AskProof(visit, visit.Path) ?? new RazorComponentResult<ActPage>(new
        {
            Visit = visit, Act = "deletion-start", Subject = $"{Uri.UnescapeDataString(job.Query)} · {DeletionsPage.Expected(visit.Language, job)}", To = FormattableString.Invariant($"{Path}/{id}/start"), Back = Path,
            BackWords = visit.Language["house.menu.deletions"],
        });
    }

    internal static async Task<IResult> Start(Visit visit, long id, DeletionDesk desk, CancellationToken cancel)
    {
        var ask = FormattableString.Invariant($"{Path}/{id}/start");
        return HouseForm.AskProof(visit, ask) ?? await HouseForm.Try(
            visit, Filled.Empty,
            async () =>
            {
                await desk.Start(id, cancel);
                return HouseForm.Done(visit, Path, "started");
            },
            wrong => Page(visit, desk, wrong, null, cancel));
    }

    internal static async Task<IResult> Stop(Visit visit, long id, DeletionDesk desk, CancellationToken cancel) => await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            await desk.Stop(id, cancel);
            return HouseForm.Done(visit, Path, "stopped");
        },
        wrong => Page(visit, desk, wrong, null, cancel));

    /// <summary>Below the root and with what would end an option escaped: what a deletion keeps is read once more when it runs.</summary>
    private static string Written(AskedAddress asked) => asked.Options.Count == 0 ? asked.Path : asked.Path + "?" + string.Join('&', asked.Options.Select(option => $"{option.Name}={Uri.EscapeDataString(option.Value)}"));

    private static async Task<IReadOnlyList<DeletionExample>> Examples(HttpContext context, SensorThingsDoor door, DeletionPreview preview)
    {
        if (preview.Examples.Count == 0)
        {
            return [];
        }

        var address = new AskedAddress
        {
            Root = "/sta/v1.1", Path = "Observations",
            Options =
            [
                ("$filter", string.Join(" or ", preview.Examples.Select(id => FormattableString.Invariant($"id eq {id}")))), ("$select", "id,phenomenonTime,result"), ("$expand", "Datastream($select=name),MultiDatastream($select=name)"),
            ],
        };
        var answer = await door.Read(context, address.Address);
        if (answer.Status != StatusCodes.Status200OK || !answer.IsWhole)
        {
            return [];
        }

        using var json = JsonDocument.Parse(answer.Kept);
        return [.. json.RootElement.GetProperty("value").EnumerateArray().Select(One)];
    }

    private static DeletionExample One(JsonElement told)
    {
        var stream = told.TryGetProperty("Datastream", out var one) && one.ValueKind == JsonValueKind.Object ? one : told.GetProperty("MultiDatastream");
        var time = told.GetProperty("phenomenonTime").GetString()!.Split('/')[0];
        return new DeletionExample(
            told.GetProperty("@iot.id").GetInt64(), IsoTime.TryParse(time, out var at) ? at : default, told.GetProperty("result").GetRawText(), stream.GetProperty("name").GetString()!);
    }

    private static async Task<IResult> Page(Visit visit, DeletionDesk desk, Filled filled, string? done, CancellationToken cancel) =>
        new RazorComponentResult<DeletionsPage>(new { Visit = visit, Jobs = await desk.List(cancel), Filled = filled, Done = done }) { StatusCode = HouseForm.StatusOf(filled) };
}
