using System.Globalization;
using System.Text;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Web.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/doors</c>: the device doors, their rules with a preview, and what did not fit.</summary>
internal static class ShowDoors
{
    internal const string Path = "/house/doors";

    /// <summary>What a new door begins with; whoever writes it sees at once what it does.</summary>
    private const string Beginning = """
        name: my-device
        about: ""
        format: json
        records: $.data[*]
        device:
          from: serial
          property: serial
        time:
          from: time
          format: iso
          zone: Asia/Seoul
        missing: ["", -9999]
        measures:
          - from: t
            measure: temperature
            scale: 0.1
            offset: -100
            range: [-50, 80]
        """;

    internal static async Task<IResult> List(Visit visit, DeviceDoors doors, [FromQuery] string? done, CancellationToken cancel) =>
        new RazorComponentResult<DoorsPage>(new { Visit = visit, Doors = await doors.List(cancel), Done = HouseForm.Words(visit, "doors", done) });

    internal static IResult New(Visit visit) => !DeviceDoors.MayRun ? TypedResults.Forbid() : Page(visit, null, Filled.Empty, null, null, []);

    internal static async Task<IResult> Make(Visit visit, IFormCollection form, DeviceDoors doors, CancellationToken cancel) => await Act(
        visit, form, doors, "new",
        DeviceDoors.NameIn,
        (filled, preview) => Task.FromResult<IResult>(Page(visit, null, filled, preview, null, [])),
        cancel);

    internal static async Task<IResult> Show(Visit visit, string name, DeviceDoors doors, IOptions<DoorsOptions> options, [FromQuery] string? done, [FromQuery] string? before, CancellationToken cancel)
    {
        var door = await Get(doors, name, cancel);
        long? last = long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        return Page(visit, door, Filled.Empty, null, HouseForm.Words(visit, "doors", done), await doors.ListKept(name, last, cancel), options.Value.KeptDays, last is not null);
    }

    internal static async Task<IResult> Change(Visit visit, string name, IFormCollection form, DeviceDoors doors, IOptions<DoorsOptions> options, CancellationToken cancel) => await Act(
        visit, form, doors, name,
        _ => name,
        async (filled, preview) => Page(visit, await Get(doors, name, cancel), filled, preview, null, await doors.ListKept(name, null, cancel), options.Value.KeptDays),
        cancel);

    internal static async Task<IResult> Delete(Visit visit, string name, DeviceDoors doors, CancellationToken cancel)
    {
        if (HouseForm.AskProof(visit, $"{Path}/{name}") is { } proof)
        {
            return proof;
        }

        var door = await Get(doors, name, cancel);
        await doors.Delete(name, cancel);
        return door.IsShipped ? HouseForm.Done(visit, $"{Path}/{name}", "reset") : HouseForm.Done(visit, Path, "deleted");
    }

    internal static async Task<DoorAbout> Get(DeviceDoors doors, string name, CancellationToken cancel) =>
        await doors.Find(name, cancel) ?? throw new CityRuleException("no-such-door", "There is no device door of this name.", 404);

    /// <summary>Bytes as people read them.</summary>
    internal static string Size(long bytes) => bytes < 10_000 ? Reading.Count(bytes) + " B" : bytes < 10_000_000 ? Reading.Count(bytes / 1_000) + " kB" : Reading.Count(bytes / 1_000_000) + " MB";

    /// <summary>What comes through a door, in the reader's language where its mapping says it in both: Korean, a slash, English.</summary>
    internal static string About(Language language, string about) => about.Split(" / ", 2) is [var korean, var english] ? language.IsKorean ? korean : english : about;

    private static async Task<IResult> Act(
        Visit visit, IFormCollection form, DeviceDoors doors, string name, Func<string, string> nameOf, Func<Filled, DoorPreview?, Task<IResult>> again, CancellationToken cancel)
    {
        if (!DeviceDoors.MayRun)
        {
            return TypedResults.Forbid();
        }

        var filled = new Filled(form);
        // A text from a form has the line ends of the form's standard, whatever the device sends.
        var yaml = (filled["mapping"] ?? "").Replace("\r\n", "\n", StringComparison.Ordinal);
        try
        {
            if (filled["act"] == "save")
            {
                var saved = nameOf(yaml);
                await doors.Put(saved, yaml, cancel);
                return HouseForm.Done(visit, $"{Path}/{saved}", "saved");
            }

            var payload = Encoding.UTF8.GetBytes(filled["payload"] ?? "");
            return await again(filled, await doors.Preview(name, yaml, payload, isUtf8: true, cancel));
        }
        catch (InvalidInputException wrong)
        {
            return await again(filled.With(new Wrong("mapping", visit.Language.Say("doors.wrong", Reasons.Say(visit.Language, wrong.Field).Text, Reasons.Say(visit.Language, wrong.Reason).Text))), null);
        }
        catch (CityRuleException broken) when (visit.Language.Find("house.problem." + broken.Code) is { } words)
        {
            return await again(filled.With(new Wrong(null, words)), null);
        }
    }

    private static RazorComponentResult<DeviceDoorPage> Page(
        Visit visit, DoorAbout? door, Filled filled, DoorPreview? preview, string? done, IReadOnlyList<KeptPayload> kept, int days = 0, bool isOlder = false) =>
        new(new { Visit = visit, Door = door, Filled = filled, Mapping = filled["mapping"] ?? door?.Yaml ?? Beginning, Preview = preview, Done = done, Kept = kept, KeptDays = days, IsOlder = isOlder })
        {
            StatusCode = HouseForm.StatusOf(filled),
        };
}
