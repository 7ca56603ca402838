using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Operations.Incidents;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Sensing;
using static Madang.Tests.Operations.Incidents.IncidentScene;

namespace Madang.Tests.Operations.Incidents;

/// <summary>What a dispatch system says, in whatever order it comes.</summary>
public sealed class DispatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

    [Theory, BothEngines]
    public async Task A_report_opens_an_incident_once_and_late_stages_are_put_in_their_place(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        sta.Advance(60);
        var first = await Report(sta, "a", 1, HttpStatusCode.Created, ("arrived", 9));
        var id = (long)first["id"]!;
        Assert.True((bool)first["isNew"]!);
        Assert.False((bool)(await Report(sta, "a", 1, HttpStatusCode.OK, ("arrived", 9)))["changed"]!);
        Assert.True((bool)(await Report(sta, "a", 2, HttpStatusCode.OK, ("reported", 1), ("dispatched", 2), ("arrived", 9)))["changed"]!);
        Assert.False((bool)(await Report(sta, "a", 0, HttpStatusCode.OK, ("arrived", 8)))["changed"]!);
        Assert.True((bool)(await Report(sta, "a", 3, HttpStatusCode.OK, ("arrived", 7), ("closed", 40)))["changed"]!);

        var story = await sta.Story(id);
        Assert.Equal(["reported 00:01", "dispatched 00:02", "arrived 00:07", "closed 00:40"], Stages(story["incident"]!));
        Assert.Equal(["reported arrived met 6", "dispatched arrived met 5"], Targets(story["incident"]!));
        Assert.Equal(["opened", "stage arrived 00:09", "changed", "stage reported 00:01", "stage dispatched 00:02", "changed", "corrected arrived 00:07 was 00:09", "stage closed 00:40"], Log(story));
        Assert.Equal("2026-07-19T00:40:00+00:00", (string)story["incident"]!["closedAt"]!);
        Assert.Equal(("cad", "a"), ((string)story["incident"]!["system"]!, (string)story["incident"]!["externalId"]!));
    }

    [Theory, BothEngines]
    public async Task What_a_person_corrected_does_not_come_back_from_a_clock_that_is_ahead(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        sta.Advance(60);
        var id = (long)(await Report(sta, "a", 63, HttpStatusCode.Created, ("arrived", 9)))["id"]!;
        await sta.Act(id, "stage", Body("arrived", 7, "무전 기록"));
        Assert.False((bool)(await Report(sta, "a", 63, HttpStatusCode.OK, ("arrived", 9)))["changed"]!);

        Assert.Equal(["arrived 00:07"], Stages((await sta.Story(id))["incident"]!));
    }

    [Theory, BothEngines]
    public async Task Reports_that_were_said_at_one_moment_or_do_not_say_when_lead_to_the_same_in_any_order(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        sta.Advance(300);
        var random = new Random(20260720);
        string[] stages = ["reported", "dispatched", "arrived", "acting", "out", "closed"];
        for (var round = 0; round < 6; round++)
        {
            // Ten reports of at most three moments; a third of them do not say when.
            var reports = Enumerable.Range(0, 10).Select(number => (Said: random.Next(3) is 0 ? (int?)null : 100 + random.Next(3), Title: $"{(char)('가' + random.Next(30))}", Stages: stages.Where(_ => random.Next(3) == 0).Select(stage => (stage, (Array.IndexOf(stages, stage) * 10) + random.Next(15))).ToArray())).ToArray();
            JsonNode? wanted = null;
            for (var order = 0; order < 4; order++)
            {
                random.Shuffle(reports);
                long id = 0;
                foreach (var (said, title, told) in reports.Concat(reports.Take(4)))
                {
                    id = (long)(await Report(sta, $"{round}-{order}", said, title, null, told))["id"]!;
                }

                var incident = (await sta.Story(id))["incident"]!;
                wanted ??= incident;
                Assert.Equal(Stages(wanted), Stages(incident));
                Assert.Equal(((string?)wanted["closedAt"], (string)wanted["title"]!), ((string?)incident["closedAt"], (string)incident["title"]!));
            }
        }
    }

    [Theory, BothEngines]
    public async Task An_incident_is_closed_and_opened_again_by_the_time_of_another_stage_and_the_log_says_so(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        sta.Advance(60);
        var id = (long)(await Report(sta, "a", 1, HttpStatusCode.Created, ("arrived", 50), ("closed", 40)))["id"]!;
        Assert.Null((string?)(await sta.Story(id))["incident"]!["closedAt"]);

        await sta.Act(id, "stage", Body("arrived", 30, "무전 기록"));
        Assert.Equal("2026-07-19T00:40:00+00:00", (string?)(await sta.Story(id))["incident"]!["closedAt"]);
        await Report(sta, "a", 61, HttpStatusCode.OK, ("arrived", 45));
        var story = await sta.Story(id);
        Assert.Null((string?)story["incident"]!["closedAt"]);
        Assert.Equal(["corrected arrived 00:30 was 00:50", "closed closed 00:40", "changed", "corrected arrived 00:45 was 00:30", "reopened closed was 00:40"], Log(story).Skip(3));

        await sta.Act(id, "stage", Body("closed", 55, "보고서"));
        await sta.Act(id, "stage", Body("closed", 58, "보고서"));
        Assert.Equal("2026-07-19T00:58:00+00:00", (string?)(await sta.Story(id))["incident"]!["closedAt"]);
    }

    [Theory, BothEngines]
    public async Task What_makes_no_sense_is_refused_and_names_the_field(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        async Task Refused(string body, string field, string path = "cad/x")
        {
            var problem = await sta.Put("/api/incidents/from/" + path, body, HttpStatusCode.BadRequest);
            Assert.Equal(field, (string)problem["field"]!);
        }

        await Refused("""{ "kind": "party", "title": "x" }""", "kind");
        await Refused("""{ "kind": "fire" }""", "title");
        await Refused("""{ "title": "x" }""", "kind");
        await Refused("""{ "kind": "fire", "title": "x", "colour": "red" }""", "colour");
        await Refused("""{ "kind": "fire", "title": "x", "stages": [{ "stage": "dancing", "at": "2026-07-19T00:00:00Z" }] }""", "stages[0].stage");
        await Refused("""{ "kind": "fire", "title": "x", "stages": [{ "stage": "arrived", "at": "2026-07-19T01:00:00Z" }] }""", "stages[0].at");
        await Refused("""{ "kind": "fire", "title": "x", "stages": [{ "stage": "arrived", "at": "2026-07-19T00:00:00Z" }, { "stage": "arrived", "at": "2026-07-19T00:00:00Z" }] }""", "stages[1].stage");
        await Refused("""{ "kind": "fire", "title": "x", "saidAt": "2027-07-19T00:00:00Z" }""", "saidAt");
        await Refused("""{ "kind": "fire", "title": "x", "longitude": 127 }""", "latitude");
        await Refused("""{ "kind": "fire", "title": "x" }""", "system", "c.d/x");
        Assert.Empty((await sta.Get("/api/incidents?state=all"))["value"]!.AsArray());
        await sta.Get("/api/incidents?top=0", HttpStatusCode.BadRequest);
        await sta.Get("/api/incidents?state=burning", HttpStatusCode.BadRequest);
        await sta.Get("/api/incidents?kind=party", HttpStatusCode.BadRequest);
    }

    [Theory, BothEngines]
    public async Task Whatever_order_reports_come_in_the_incident_is_the_same(Engine engine)
    {
        await using var sta = await AlertScene.Open(engine);
        sta.Advance(300);
        var random = new Random(20260719);
        string[] stages = ["reported", "dispatched", "departed", "arrived", "acting", "controlled", "out", "closed"];
        for (var round = 0; round < 8; round++)
        {
            // Each report says some stages, now and then another time than the report before; times may even contradict each other.
            var reports = Enumerable.Range(1, 12).Select(said => (Said: said, Stages: stages.Where(_ => random.Next(3) == 0).Select(stage => (stage, (Array.IndexOf(stages, stage) * 10) + random.Next(12))).ToArray())).ToArray();
            JsonNode? wanted = null;
            for (var order = 0; order < 4; order++)
            {
                random.Shuffle(reports);
                long id = 0;
                foreach (var (said, told) in reports.Concat(reports.Take(3)))
                {
                    id = (long)(await Report(sta, $"{round}-{order}", said, null, told))["id"]!;
                }

                var incident = (await sta.Story(id))["incident"]!;
                wanted ??= incident;
                Assert.Equal(Stages(wanted), Stages(incident));
                Assert.Equal(Targets(wanted), Targets(incident));
                Assert.Equal(((string?)wanted["closedAt"], (string?)wanted["stage"]?["code"], "12번째 보고"), ((string?)incident["closedAt"], (string?)incident["stage"]?["code"], (string)incident["title"]!));
            }
        }
    }

    [Fact]
    public void A_stage_that_counts_never_lies_before_another_one_before_it()
    {
        var (kind, random) = (IncidentKind.Find("fire")!, new Random(7));
        for (var round = 0; round < 500; round++)
        {
            var line = StageLine.Of(kind, [.. kind.Stages.Where(_ => random.Next(2) == 0).Select(stage => new SaidStage(stage.Code, Start.AddMinutes(random.Next(100)), Start, null))]);
            var times = line.Where(stage => !stage.IsDoubtful).Select(stage => stage.At).ToList();
            Assert.Equal(times.Order(), times);
        }
    }

    [Fact]
    public void Every_kind_is_whole()
    {
        Assert.Equal(["fire", "rescue", "ambulance", "flood", "collapse", "outage", "epidemic", "cyber", "road", "complaint-cluster", "other"], IncidentKind.All.Select(kind => kind.Code));
        Assert.All(IncidentKind.All, kind =>
        {
            Assert.Equal("closed", kind.Last.Code);
            Assert.Equal(kind.Stages.Count, kind.Stages.Select(stage => stage.Code).Distinct().Count());
            Assert.All(kind.Stages.Select(stage => stage.Name).Append(kind.Name), IsSaid);
            Assert.All(kind.Targets, target => Assert.True(kind.FindStage(target.From) is not null && kind.Order(target.To) > kind.Order(target.From) && target.Minutes > 0, $"{kind.Code}: {target}"));
        });
    }

    internal static void IsSaid(RuleText text) => Assert.True(text.Ko.Any(letter => letter is >= '가' and <= '힣') && text.En.Any(char.IsAsciiLetter), $"'{text.Ko}' and '{text.En}' are said in both languages");

    private static Task<JsonNode> Report(Sta sta, string id, int said, HttpStatusCode? expected, params (string Stage, int Minute)[] stages) => Report(sta, id, said, $"{said}번째 보고", expected, stages);

    private static async Task<JsonNode> Report(Sta sta, string id, int? said, string title, HttpStatusCode? expected, params (string Stage, int Minute)[] stages)
    {
        var body = $$"""{ "kind": "fire", "title": "{{title}}"{{(said is { } moment ? $", \"saidAt\": \"{Sta.At(moment)}\"" : "")}}, "stages": [{{string.Join(',', stages.Select(stage => $$"""{ "stage": "{{stage.Stage}}", "at": "{{Sta.At(stage.Minute)}}" }"""))}}] }""";
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await sta.City.Client.PutAsync($"/api/incidents/from/cad/{id}", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(expected is null ? answer.IsSuccessStatusCode : answer.StatusCode == expected, $"{(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
