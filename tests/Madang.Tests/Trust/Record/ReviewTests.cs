using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Madang.Trust.Accounts.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Record;

/// <summary>The monthly review through the front door. The clock says 19 July 2026.</summary>
public sealed class ReviewTests
{
    private static readonly DateTimeOffset Morning = new(2026, 6, 9, 10, 0, 0, TimeSpan.FromHours(9));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_month_is_counted_explained_and_signed_off_once(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine, new TestClock());
        await city.Give("audrey", "auditor", null);
        await Fill(city.City);
        using var auditor = city.As("audrey");

        var review = await Get(auditor, "/api/audit/review");
        Assert.Equal(("2026-06", true, 5_062L, 3L), ((string?)review["month"], (bool)review["isOver"]!, (long)review["entries"]!, (long)review["refused"]!));
        Assert.Equal("observations.write 5000, person.read 40, role.give 18, login.password 4", string.Join(", ", review["byAction"]!.AsArray().Select(one => $"{one!["what"]} {one["count"]}")));
        // What devices send in is counted by action alone; a refusal counts as often as it happened.
        Assert.Equal("person:kim 41, person:lee 18, anonymous 3", string.Join(", ", review["byWho"]!.AsArray().Select(one => $"{one!["subject"] ?? one["what"]} {one["count"]}")));
        Assert.Equal((24, 41L, 18L), (review["byHour"]!.AsArray().Count, (long)review["byHour"]![10]!, (long)review["byHour"]![23]!));
        Assert.Equal(("person:kim", 2L), ((string?)review["failedByAccount"]![0]!["subject"], (long)review["failedByAccount"]![0]!["count"]!));
        Assert.Equal(("", 1L), ((string?)review["failedByAccount"]![1]!["what"], (long)review["failedByAccount"]![1]!["count"]!));
        Assert.Single(review["failedByAddress"]!.AsArray());
        Assert.Equal(
            ["reads-above-own person:kim", "unusual-hours person:lee", "permission-changes person:lee", "key-after-silence key:7"],
            review["unusual"]!.AsArray().Select(one => $"{one!["rule"]} {one["subject"]}"));
        Assert.Equal(91d, (double)review["unusual"]![3]!["figures"]![0]!["value"]!);
        Assert.Equal(["2026-03", "2026-04", "2026-05", "2026-06"], review["pending"]!.AsArray().Select(month => (string?)month));

        var signed = await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { month = "2026-06", note = "모두 확인했습니다.\n이상 없습니다." }, HttpStatusCode.OK);
        Assert.Equal(("person:audrey", 5_062L, 4L), ((string?)signed!["reviewer"], (long)signed["entries"]!, (long)signed["unusual"]!));
        review = await Get(auditor, "/api/audit/review?month=2026-06");
        Assert.Equal("모두 확인했습니다.\n이상 없습니다.", (string?)review["reviewed"]!["note"]);
        Assert.Equal(3, review["pending"]!.AsArray().Count);
        Assert.Equal("already-reviewed", (string?)(await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { month = "2026-06", note = "또" }, HttpStatusCode.Conflict))!["code"]);

        // That it was read and signed stands in the record itself: of July.
        review = await Get(auditor, "/api/audit/review?month=2026-07");
        var actions = review["byAction"]!.AsArray().ToDictionary(one => (string)one!["what"]!, one => (long)one!["count"]!);
        Assert.Equal((3L, 1L, false), (actions["record.read"], actions["record.review"], (bool)review["isOver"]!));
    }

    [Theory]
    [InlineData("month=2026-7", "month")]
    [InlineData("month=2026-08", "month")]
    [InlineData("month=", "month")]
    public async Task A_month_that_is_none_is_refused(string query, string field)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite, new TestClock());
        await city.Give("audrey", "auditor", null);
        using var auditor = city.As("audrey");
        var problem = await ClosedCity.Send(auditor, HttpMethod.Get, "/api/audit/review?" + query, null, HttpStatusCode.BadRequest);
        Assert.Equal(field, (string?)problem!["field"]);
    }

    [Fact]
    public async Task A_month_that_runs_an_empty_note_and_other_people_are_refused()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite, new TestClock());
        await city.Give("audrey", "auditor", null);
        await city.Give("local", "auditor", await city.Department("d"));
        using var auditor = city.As("audrey");
        Assert.Equal("month-not-over", (string?)(await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { month = "2026-07", note = "끝" }, HttpStatusCode.Conflict))!["code"]);
        Assert.Equal("note", (string?)(await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { month = "2026-06", note = " \n" }, HttpStatusCode.BadRequest))!["field"]);
        Assert.Equal("note", (string?)(await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { month = "2026-06", note = new string('가', 2_001) }, HttpStatusCode.BadRequest))!["field"]);
        Assert.Equal("month", (string?)(await ClosedCity.Send(auditor, HttpMethod.Post, "/api/audit/review", new { note = "끝" }, HttpStatusCode.BadRequest))!["field"]);
        // The record is the whole city's: an auditor of one department does not have it.
        using var local = city.As("local");
        await ClosedCity.Send(local, HttpMethod.Get, "/api/audit/review", null, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("", "2026년 6월 기록 점검", "점검을 확인했습니다.")]
    [InlineData("/en", "Review of the record, June 2026", "Signed off.")]
    public async Task The_page_shows_a_month_and_takes_the_sign_off(string root, string title, string done)
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false", new TestClock());
        await Visitor.AddPerson(city);
        await Give(city, "auditor");
        await Fill(city);
        var visitor = new Visitor(city);
        using (var door = await visitor.Get(root + "/record/review"))
        {
            Assert.Equal((HttpStatusCode.Redirect, $"{root}/signin?return={Uri.EscapeDataString(root + "/record/review")}"), (door.StatusCode, door.Headers.Location!.ToString()));
        }

        (await visitor.SignIn()).Dispose();
        using (var page = await visitor.Get(root + "/record/review"))
        {
            Assert.Equal((HttpStatusCode.OK, true), (page.StatusCode, page.Headers.CacheControl!.NoStore));
        }

        Assert.Contains($"<h1>{title}</h1>", visitor.Page, StringComparison.Ordinal);
        Assert.Contains("id=\"rule-reads-above-own\"", visitor.Page, StringComparison.Ordinal);
        Assert.Contains("who=person%3Akim&amp;from=2026-06-01&amp;until=2026-06-30", visitor.Page, StringComparison.Ordinal);
        using (var empty = await visitor.Post(root + "/record/review", new() { ["month"] = "2026-06", ["note"] = "" }))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
            Assert.Contains("aria-invalid=\"true\"", visitor.Page, StringComparison.Ordinal);
        }

        using (var forged = await visitor.Post(root + "/record/review", new() { ["month"] = "2026-06", ["note"] = "x", ["token-of-form"] = "none" }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        }

        (await visitor.Get(root + "/record/review")).Dispose();
        using (var signed = await visitor.Post(root + "/record/review", new() { ["month"] = "2026-06", ["note"] = "<b>확인</b>" }))
        {
            Assert.Equal($"{root}/record/review?month=2026-06&done=signed", signed.Headers.Location!.ToString());
        }

        (await visitor.Get(root + "/record/review?month=2026-06&done=signed")).Dispose();
        Assert.Contains(done, visitor.Page, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;확인&lt;/b&gt;", visitor.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("<form class=\"account-form\"", visitor.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_not_read_the_record_does_not_see_the_page()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false");
        await Visitor.AddPerson(city);
        await Give(city, "administrator");
        var visitor = new Visitor(city);
        (await visitor.SignIn()).Dispose();
        using var page = await visitor.Get("/record/review");
        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
    }

    private static async Task Give(TestCity city, string role)
    {
        await using var scope = city.Services.CreateAsyncScope();
        var person = await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().FindByEmailAsync("kim@city.example");
        await city.Services.GetRequiredService<Grants>().Store(person!.Id, role, null, "시험", null, "test", Cancel);
    }

    /// <summary>June: kim reads far more than ever, lee gives roles at night, logins fail, a key wakes up.</summary>
    private static async Task Fill(TestCity city)
    {
        var recorder = city.Services.GetRequiredService<Recorder>();
        await recorder.Record([.. Enumerable.Range(0, 100).Select(_ => new RecordEntry("observations.write") { Who = "key:7", At = Morning.AddDays(-91) })]);
        await recorder.Record(new RecordEntry("observations.write") { Who = "key:8", At = Morning.AddDays(-10) });
        await recorder.Record([.. Enumerable.Range(0, 4_999).Select(_ => new RecordEntry("observations.write") { Who = "key:8", At = Morning })]);
        await recorder.Record(new RecordEntry("observations.write") { Who = "key:7", At = Morning });
        await recorder.Record(
        [
            .. Enumerable.Range(0, 40).Select(_ => new RecordEntry("person.read") { Who = "person:kim", Kind = "person", Thing = "person:citizen", IsPersonal = true, At = Morning }),
            .. Enumerable.Range(0, 18).Select(_ => new RecordEntry("role.give") { Who = "person:lee", At = Morning.AddHours(13) }),
            new RecordEntry("login.password") { Who = "person:kim", Kind = "password", At = Morning },
            .. Enumerable.Range(0, 2).Select(_ => new RecordEntry("login.password") { Thing = "person:kim", IsPersonal = true, From = "203.0.113.7", At = Morning.AddHours(1), Result = RecordEntry.Refused }),
            new RecordEntry("login.password") { From = "203.0.113.7", At = Morning.AddHours(1), Result = RecordEntry.Refused },
        ]);
    }

    private static async Task<JsonNode> Get(HttpClient client, string address) => (await ClosedCity.Send(client, HttpMethod.Get, address, null, HttpStatusCode.OK))!;
}
