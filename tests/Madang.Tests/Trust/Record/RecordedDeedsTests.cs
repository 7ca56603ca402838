using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Madang.Trust.Record.Keeper;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Record;

/// <summary>What people, keys and the city do stands in the record, as the one who may read it finds it.</summary>
public sealed class RecordedDeedsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Every_change_is_recorded_with_who_why_and_what(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        await city.Give("anna", "auditor", null);
        var department = await city.Department("digital");
        var (id, key) = await city.Key(await city.Provider("ours", department));
        var thing = (long)(await Send(city.With(key), HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing("S1"), HttpStatusCode.Created))!["@iot.id"]!;
        await Send(city.With(key), HttpMethod.Patch, $"/sta/v1.1/Things({thing})", """{ "description": "new" }""", HttpStatusCode.OK);
        var datastream = (long)(await Send(city.With(key), HttpMethod.Get, $"/sta/v1.1/Things({thing})/Datastreams", null, HttpStatusCode.OK))!["value"]![0]!["@iot.id"]!;
        await Send(city.With(key), HttpMethod.Post, $"/sta/v1.1/Datastreams({datastream})/Observations", """{ "phenomenonTime": "2026-07-19T00:10:00Z", "result": 12 }""", HttpStatusCode.Created);
        await Send(city.With(key), HttpMethod.Delete, $"/sta/v1.1/Things({thing})", null, HttpStatusCode.NoContent);
        await Send(city.As("root"), HttpMethod.Put, "/api/places/park", """{ "type": "FeatureCollection", "features": [{ "type": "Feature", "properties": { "code": "P1", "name": "공원", "source": "s", "licence": "l" }, "geometry": { "type": "Polygon", "coordinates": [[[127,37],[127.1,37],[127.1,37.1],[127,37]]] } }] }""", HttpStatusCode.OK);
        await Send(city.As("root"), HttpMethod.Delete, $"/api/keys/{id}", null, HttpStatusCode.NoContent);

        var entries = await Entries(city);
        Check(entries, "department.make", "person:root", "administrator", "시험", thing: department.ToString(CultureInfo.InvariantCulture));
        Check(entries, "provider.make", "person:root", "administrator", "시험");
        Check(entries, "key.make", "person:root", "administrator", "시험", subject: "key:" + id);
        Check(entries, "key.revoke", "person:root", "administrator", "시험", subject: "key:" + id);
        Check(entries, "things.create", "key:" + id, "key", "key", thing: thing.ToString(CultureInfo.InvariantCulture));
        Check(entries, "things.change", "key:" + id, "key", "key");
        Check(entries, "things.delete", "key:" + id, "key", "key");
        Check(entries, "datastreams.create", "key:" + id, "key", "key", thing: datastream.ToString(CultureInfo.InvariantCulture));
        Check(entries, "datastreams.delete", "key:" + id, "key", "key", thing: datastream.ToString(CultureInfo.InvariantCulture));
        Check(entries, "observations.delete", "key:" + id, "key", "key", thing: "(1)");
        Check(entries, "locations.create", "key:" + id, "key", "key");
        Check(entries, "places.create", "person:root", "operator", "시험", thing: "park/P1");
        var stored = Check(entries, "observations.write", "key:" + id, "key", "key");
        Assert.Matches("^([0-9]+)\\.\\.\\1 \\(1\\)$", (string?)stored["thing"]);
        Assert.Contains(entries, entry => (string?)entry["action"] == "role.give" && (string?)entry["thingSubject"] == "person:anna" && (string?)entry["result"] == "auditor" && (string?)entry["who"] == "local");

        // Before and after stand in the log as digests: a deleted thing has no after, a new one no before.
        var leaves = (await city.As("anna").GetStringAsync("/api/audit/export?action=things.", Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["entry"]!).ToDictionary(entry => (string)entry["action"]!);
        Assert.True(leaves["things.create"] is { } made && made["before"] is null && made["after"] is not null);
        Assert.True(leaves["things.delete"] is { } gone && gone["before"] is not null && gone["after"] is null);
        Assert.True(leaves["things.change"] is { } changed && (string?)changed["before"] != (string?)changed["after"] && (string?)changed["before"] is { Length: 43 });
    }

    [Theory, BothEngines]
    public async Task Refusals_restricted_reads_downloads_and_reading_the_record_are_recorded(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        await city.Give("anna", "auditor", null);
        var department = await city.Department("digital");
        var provider = await city.Provider("secret", department, isPublic: false);
        var (id, key) = await city.Key(provider);
        var (writer, writing) = await city.Key(provider, ["write"]);
        await city.Give("boram", "official", department);
        await Send(city.With(key), HttpMethod.Post, "/sta/v1.1/Things", Sta.Thing("숨은 것"), HttpStatusCode.Created);
        await Send(city.With(writing), HttpMethod.Get, "/sta/v1.1/Things(1)", null, HttpStatusCode.NotFound);
        for (var times = 0; times < 3; times++)
        {
            await Send(city.As("boram"), HttpMethod.Post, "/api/keys", new { name = "x" }, HttpStatusCode.Forbidden);
        }

        await Send(city.With(null), HttpMethod.Post, "/sta/v1.1/Things", "{}", HttpStatusCode.Unauthorized);
        await Send(city.As("boram"), HttpMethod.Get, "/sta/v1.1/Things", null, HttpStatusCode.OK);
        await Send(city.With(null), HttpMethod.Get, "/sta/v1.1/Things", null, HttpStatusCode.OK);
        await city.As("boram").GetStringAsync("/api/city/sensors.csv", Cancel);
        await Send(city.As("anna"), HttpMethod.Get, "/api/audit?who=person:boram", null, HttpStatusCode.OK);
        await city.City.Services.GetRequiredService<Tally>().Settle();

        var entries = await Entries(city);
        var refused = entries.Where(entry => (string?)entry["action"] == "refusal" && (string?)entry["subject"] == "person:boram").ToList();
        Assert.Equal(["refused", "refused, 2 more within the minute"], refused.Select(entry => (string)entry["result"]!).Order(StringComparer.Ordinal));
        Assert.All(refused, entry => Assert.Equal(("http-403", "POST /api/keys", "official"), ((string?)entry["kind"], (string?)entry["thing"], (string?)entry["role"])));
        Assert.Contains(entries, entry => (string?)entry["action"] == "refusal" && (string?)entry["who"] == "anonymous" && (string?)entry["kind"] == "http-401");
        var read = Check(entries, "restricted.read", "person:boram", "official", "시험", thing: "/sta/v1.1/Things");
        Assert.Equal("things", (string?)read["kind"]);
        Assert.DoesNotContain(entries, entry => (string?)entry["action"] == "restricted.read" && (string?)entry["who"] is var who && (who == "anonymous" || who!.Contains(writer, StringComparison.Ordinal)));
        Check(entries, "export", "person:boram", "official", "시험", thing: "/api/city/sensors.csv");
        Check(entries, "record.read", "person:anna", "auditor", "시험", subject: "person:boram");
        Assert.NotEmpty(id);
    }

    [Theory, BothEngines]
    public async Task Signing_in_and_what_is_done_to_an_account_are_recorded_and_the_person_sees_it(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn(password: "it is not this one");
        await kim.SignIn();
        await kim.Get("/account");
        await kim.Post("/account/name", new() { ["name"] = "김새마당" });
        await city.Services.GetRequiredService<Recorder>().Settle(Cancel);

        var mine = JsonNode.Parse(await (await kim.Get("/api/me/record")).Content.ReadAsStringAsync(Cancel))!["entries"]!.AsArray().Select(entry => entry!).ToList();

        Assert.Equal(["account.name", "login.password", "login.password", "account.make"], mine.Select(entry => (string)entry["action"]!));
        Assert.Equal(["self own-account", "self own-account"], mine.Take(2).Select(entry => $"{entry["role"]} {entry["purpose"]}"));
        Assert.Equal(["done", "done", "refused", "done"], mine.Select(entry => (string)entry["result"]!));
        Assert.All(mine.Where(entry => (string?)entry["result"] == "done" && (string?)entry["action"] != "account.make"), entry => Assert.StartsWith("person:", (string?)entry["subject"], StringComparison.Ordinal));
        await kim.Get("/account/record");
        Assert.Contains("본인", kim.Page, StringComparison.Ordinal);
        Assert.Contains("로그인 (비밀번호)", kim.Page, StringComparison.Ordinal);
        await kim.Get("/en/account/record");
        Assert.Contains("Name changed", kim.Page, StringComparison.Ordinal);

        // No name, no address of mail, no password, no session: only digests.
        var leaves = await Leaves(city);
        Assert.DoesNotContain("김", leaves, StringComparison.Ordinal);
        Assert.DoesNotContain("@", leaves, StringComparison.Ordinal);
        Assert.DoesNotContain("person:", leaves, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_is_searched_by_person_thing_time_purpose_and_paged_without_loss()
    {
        var clock = new TestClock(new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero));
        await using var city = await ClosedCity.Start(Engine.Sqlite, clock);
        await city.Give("anna", "auditor", null);
        for (var number = 0; number < 5; number++)
        {
            await city.Department("d" + number.ToString(CultureInfo.InvariantCulture));
        }

        clock.Advance(TimeSpan.FromDays(2));
        await city.Department("later");
        var anna = city.As("anna");

        var seqs = new List<long>();
        var next = "";
        do
        {
            var page = await Get(anna, "/api/audit?action=department.&limit=2" + next);
            seqs.AddRange(page["entries"]!.AsArray().Select(entry => (long)entry!["seq"]!));
            next = (string?)page["next"] is { } before ? "&before=" + before : "";
        }
        while (next.Length > 0);
        Assert.Equal(6, seqs.Distinct().Count());
        Assert.Equal(seqs.OrderDescending(), seqs);

        Assert.Equal(5, Count(await Get(anna, "/api/audit?action=department.&until=2026-07-20T00:00:00Z")));
        Assert.Equal(1, Count(await Get(anna, "/api/audit?action=department.&from=2026-07-20T00:00:00Z")));
        Assert.Equal(6, Count(await Get(anna, "/api/audit?who=person:root&kind=department")));
        Assert.Equal(6, Count(await Get(anna, "/api/audit?purpose=" + Uri.EscapeDataString("시험") + "&action=department")));
        Assert.Equal(0, Count(await Get(anna, "/api/audit?purpose=%25x&action=department")));
        Assert.Equal(0, Count(await Get(anna, "/api/audit?who=person:nobody")));
        var third = (await Get(anna, "/api/audit?action=department.&limit=1&until=2026-07-20T00:00:00Z"))["entries"]![0]!["seq"]!;
        Assert.Equal($"{third}", $"{(await Get(anna, "/api/audit?entry=" + third))["entries"]!.AsArray().Single()!["seq"]}");
        Assert.Equal(0, Count(await Get(anna, "/api/audit?who=nobody@city.example")));
        Assert.Equal(3, Count(await Get(anna, "/api/audit?thing=person:anna&from=1970-01-01T00:00:00Z&kind=person&action=record.")) + Count(await Get(anna, "/api/audit?thing=person:root&action=role")));
        foreach (var (bad, field) in new[] { ("limit=0", "limit"), ("limit=201", "limit"), ("before=x", "before"), ("entry=abc", "entry"), ("person=anna", "person"), ("from=yesterday", "from"), ("from=2026-07-22T00:00:00Z&until=2026-07-20T00:00:00Z", "from"), ("who=" + new string('x', 201), "who") })
        {
            Assert.Equal(field, (string?)(await Send(anna, HttpMethod.Get, "/api/audit?" + bad, null, HttpStatusCode.BadRequest))!["field"]);
        }

        var csv = await anna.GetStringAsync("/api/audit/export?format=csv&action=department.", Cancel);
        Assert.Equal(8, csv.Split("\r\n").Length);
        Assert.StartsWith("seq,at,action,who", csv, StringComparison.Ordinal);
        foreach (var other in new[] { "root", "citizen" })
        {
            await Send(city.As(other), HttpMethod.Get, "/api/audit", null, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task What_an_auditor_typed_is_told_by_its_filters_and_never_in_his_words()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("anna", "auditor", null);
        foreach (var asked in new[] { "thing=Kim_typed%20Madang&kind=person", "thing=77&kind=kim_typed@city.example", "action=kim_typed&purpose=kim_typed&result=kim_typed&without=kim_typed", "who=kim_typed", "result=refused" })
        {
            await Get(city.As("anna"), "/api/audit?" + asked);
        }

        var told = (await Entries(city)).Where(entry => (string?)entry["action"] == "record.read").Select(entry => (string?)entry["thing"]).Reverse().ToList();
        Assert.Equal(["kind=person thing", "kind thing=77", "action without purpose result", "who", "result=refused"], told.Take(5));
        Assert.DoesNotContain("kim_typed", await Leaves(city.City), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_page_of_the_record_shows_what_was_asked_in_both_languages()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("anna", "auditor", null);
        await city.Department("digital");

        var health = city.City.Services.GetRequiredService<RecordHealth>();
        while (health.FindCheckpoint() is null)
        {
            await Task.Delay(10, Cancel);
        }

        var page = await city.As("anna").GetStringAsync("/record?action=department.", Cancel);
        Assert.Contains("부서 변경", page, StringComparison.Ordinal);
        Assert.Contains("department.make", page, StringComparison.Ordinal);
        Assert.Contains("madang", page, StringComparison.Ordinal);
        Assert.Contains("Departments", await city.As("anna").GetStringAsync("/en/record?action=department.", Cancel), StringComparison.Ordinal);
        var wrong = await city.As("anna").GetAsync("/record?from=yesterday", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("aria-invalid=\"true\"", await wrong.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await city.As("root").GetAsync("/record", Cancel)).StatusCode);
        var stranger = await city.With(null).GetAsync("/record?who=x", Cancel);
        Assert.Equal("/signin?return=%2Frecord%3Fwho%3Dx", stranger.Headers.Location?.ToString());
    }

    private static JsonNode Check(List<JsonNode> entries, string action, string who, string role, string purpose, string? thing = null, string? subject = null)
    {
        var found = entries.Where(entry => (string?)entry["action"] == action).ToList();
        return Assert.Single(found, entry => (string?)entry["subject"] == who && (string?)entry["role"] == role && (string?)entry["purpose"] == purpose
            && (thing is null || (string?)entry["thing"] == thing) && (subject is null || (string?)entry["thingSubject"] == subject) && ((string?)entry["trace"] is not null || action == "observations.write"));
    }

    private static async Task<List<JsonNode>> Entries(ClosedCity city)
    {
        await city.City.Services.GetRequiredService<Recorder>().Settle(Cancel);
        return [.. (await Get(city.As("anna"), "/api/audit?limit=200"))["entries"]!.AsArray().Select(entry => entry!)];
    }

    private static async Task<string> Leaves(TestCity city)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        var leaves = await Dapper.SqlMapper.QueryAsync<byte[]>(read.Connection, "SELECT leaf FROM trust_record", transaction: read.Transaction);
        return string.Join('\n', leaves.Select(System.Text.Encoding.UTF8.GetString));
    }

    private static int Count(JsonNode page) => page["entries"]!.AsArray().Count;

    private static Task<JsonNode?> Send(HttpClient client, HttpMethod method, string address, object? body, HttpStatusCode expected) => ClosedCity.Send(client, method, address, body, expected);

    private static async Task<JsonNode> Get(HttpClient client, string address) => (await Send(client, HttpMethod.Get, address, null, HttpStatusCode.OK))!;
}
