using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

/// <summary>Who sees whom, who lets whom in, and that it is recorded.</summary>
public sealed class PeopleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task People_are_found_page_by_page_and_a_manager_sees_those_of_the_own_departments_alone(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var (ours, theirs) = (await city.Department("ours"), await city.Department("theirs"));
        var below = await city.Department("below", ours);
        var (kim, lee, park) = (await Person(city, "kim@city.example", "operator", below), await Person(city, "lee_100%@city.example", "official", theirs), await Person(city, "park@city.example", "official", ours));
        await city.Give(park, "operator", theirs);
        await Person(city, "choi@city.example");
        await city.Give("boss", "administrator", ours);

        var all = await Get(city.As("root"), "/api/people?top=2");
        var rest = await Get(city.As("root"), "/api/people?top=2&after=" + all["next"]);
        var ids = Ids(all).Concat(Ids(rest)).ToList();
        Assert.Equal((4, null), (ids.Distinct().Count(), (string?)rest["next"]));
        Assert.DoesNotContain("kim@city.example", all.ToJsonString() + rest.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("k***@city.example", all.ToJsonString() + rest.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal([kim], Ids(await Get(city.As("root"), "/api/people?q=KIM@")));
        Assert.Equal([lee], Ids(await Get(city.As("root"), "/api/people?q=" + Uri.EscapeDataString("_100%"))));
        Assert.Equal(4, Ids(await Get(city.As("root"), "/api/people?q=" + Uri.EscapeDataString("마당"))).Count);
        Assert.Equal(new[] { lee, park }.Order(), Ids(await Get(city.As("root"), "/api/people?role=official")).Order());
        Assert.Equal(new[] { kim, park }.Order(), Ids(await Get(city.As("root"), $"/api/people?department={ours}")).Order());

        var seen = await Get(city.As("boss"), "/api/people");
        Assert.Equal(new[] { kim, park }.Order(), Ids(seen).Order());
        Assert.Equal("official", (string?)Assert.Single(seen["people"]!.AsArray().Single(each => (string?)each!["id"] == park)!["grants"]!.AsArray())!["role"]);
        Assert.Empty(Ids(await Get(city.As("boss"), $"/api/people?department={theirs}")));
        Assert.Empty(Ids(await Get(city.As("boss"), $"/api/people?q=lee")));
        Assert.Equal("park@city.example", (string?)(await Get(city.As("boss"), "/api/people/" + park))["mail"]);
        await ClosedCity.Send(city.As("boss"), HttpMethod.Get, "/api/people/" + lee, null, HttpStatusCode.NotFound);
        foreach (var query in (string[])["q=x", "q=" + new string('x', 101), "role=king", "department=99", "top=201", "top=0", "after=nobody", "department=x"])
        {
            Assert.Equal(query.Split('=')[0], (string?)(await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/people?" + query, null, HttpStatusCode.BadRequest))!["field"]);
        }
    }

    [Theory, BothEngines]
    public async Task Who_is_locked_out_is_out_at_once_and_stays_out_until_let_in(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var (ours, theirs) = (await city.Department("ours"), await city.Department("theirs"));
        var kim = await Person(city, "kim@city.example", "operator", ours);
        await city.Give("boss", "administrator", ours);
        var browser = new Visitor(city.City);
        await browser.SignIn();
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/account")).StatusCode);

        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, $"/api/people/{kim}/lock", null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SignIn()).StatusCode);
        Assert.Contains("잠겨 있습니다", browser.Page, StringComparison.Ordinal);
        Assert.Equal("locked", (string?)(await Get(city.As("boss"), "/api/people/" + kim))["state"]);
        // A wrong password says what it always says.
        await browser.SignIn(password: "it is not this one");
        Assert.DoesNotContain("잠겨 있습니다", browser.Page, StringComparison.Ordinal);

        // Who works elsewhere too is not one manager's to lock or let in.
        await city.Give(kim, "official", theirs);
        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, $"/api/people/{kim}/unlock", null, HttpStatusCode.Forbidden);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/people/{kim}/unlock", null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn()).StatusCode);
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/people/{kim}/sessions", null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/account")).StatusCode);

        await city.Give(kim, "administrator", null);
        Assert.Equal("own-account", (string?)(await ClosedCity.Send(city.As(kim), HttpMethod.Post, $"/api/people/{kim}/lock", null, HttpStatusCode.Forbidden))!["code"]);
        Assert.Equal(
            new[] { "login.password locked", "person.lock done", "person.sessions-end done", "person.unlock done" },
            (await Entries(city, kim)).Where(entry => entry.StartsWith("person.", StringComparison.Ordinal) || entry.EndsWith("locked", StringComparison.Ordinal)).Where(entry => !entry.StartsWith("person.read", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Letting_in_ends_the_wait_after_wrong_passwords()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var kim = await Person(city, "kim@city.example");
        var browser = new Visitor(city.City);
        for (var times = 0; times < 6; times++)
        {
            await browser.SignIn(password: "it is not this one");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignIn()).StatusCode);
        Assert.NotNull((string?)(await Get(city.As("root"), "/api/people/" + kim))["waitsUntil"]);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/people/{kim}/unlock", null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignIn()).StatusCode);
    }

    [Theory, BothEngines]
    public async Task An_invitation_opens_an_account_with_its_role_once(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var ours = await city.Department("ours");
        await city.Give("boss", "administrator", ours);
        var invitation = new { name = "한봄", email = "bom@city.example", role = "operator", department = ours, purpose = "현장 관리" };
        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/people", new { invitation.name, invitation.email, invitation.role, invitation.purpose }, HttpStatusCode.Forbidden);
        foreach (var (field, body) in new (string, object)[]
        {
            ("email", new { invitation.name, email = "bom", invitation.role, invitation.department, invitation.purpose }), ("role", new { invitation.name, invitation.email, role = "king", invitation.department, invitation.purpose }),
            ("purpose", new { invitation.name, invitation.email, invitation.role, invitation.department }), ("name", new { invitation.email, invitation.role, invitation.department, invitation.purpose }),
        })
        {
            Assert.Equal(field, (string?)(await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/people", body, HttpStatusCode.BadRequest))!["field"]);
        }

        Assert.Empty(Ids(await Get(city.As("root"), "/api/people")));
        var id = (string)(await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/people", invitation, HttpStatusCode.Accepted))!["person"]!;
        Assert.Equal("invited", (string?)(await Get(city.As("boss"), "/api/people/" + id))["state"]);
        var old = await Visitor.FindLink(city.City, "/join/invited");
        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, $"/api/people/{id}/letter", null, HttpStatusCode.Accepted);
        var link = await Visitor.FindLink(city.City, "/join/invited");
        var bom = new Visitor(city.City);
        Assert.Equal(HttpStatusCode.Gone, (await bom.Get(old)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await bom.Get(link)).StatusCode);
        var token = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await bom.Post("/join/invited", new() { ["token"] = token, ["name"] = "한봄", ["password"] = "짧다" })).StatusCode);
        Assert.Equal("/house", (await bom.Post("/join/invited", new() { ["token"] = token, ["name"] = "한봄", ["password"] = Visitor.Password })).Headers.Location?.ToString());
        await bom.Get("/house");
        Assert.Contains("현장 관리", bom.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Gone, (await new Visitor(city.City).Get(link)).StatusCode);
        Assert.Equal("already-confirmed", (string?)(await ClosedCity.Send(city.As("boss"), HttpMethod.Post, $"/api/people/{id}/letter", null, HttpStatusCode.Conflict))!["code"]);

        // Who has an account gets the role at once, and hears of it.
        var again = await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/people", new { name = "x", invitation.email, role = "official", purpose = "분석" }, HttpStatusCode.Accepted);
        Assert.Equal((id, false), ((string)again!["person"]!, (bool)again["isNew"]!));
        await Visitor.FindLink(city.City, "/house");
    }

    [Theory, BothEngines]
    public async Task An_invitation_that_is_withdrawn_leaves_nobody(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var id = (string)(await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/people", new { name = "한봄", email = "bom@city.example", role = "operator", purpose = "현장" }, HttpStatusCode.Accepted))!["person"]!;
        var link = await Visitor.FindLink(city.City, "/join/invited");
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, "/api/people/" + id, null, HttpStatusCode.NoContent);
        Assert.Equal(HttpStatusCode.Gone, (await new Visitor(city.City).Get(link)).StatusCode);
        await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/people/" + id, null, HttpStatusCode.NotFound);
        Assert.Empty((await Get(city.As("root"), "/api/grants?person=" + id)).AsArray());
        var kim = await Person(city, "kim@city.example");
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, "/api/people/" + kim, null, HttpStatusCode.Conflict);
    }

    [Theory, BothEngines]
    public async Task Whoever_looks_at_people_is_recorded_for_each_of_them(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        var (kim, lee) = (await Person(city, "kim@city.example"), await Person(city, "lee@city.example"));
        await Get(city.As("root"), "/api/people");
        await Get(city.As("root"), "/api/people/" + kim);
        Assert.Equal(["person.read done", "people.list done"], (await Entries(city, kim)).Where(entry => !entry.StartsWith("account.", StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal));
        Assert.Equal(["people.list done"], (await Entries(city, lee)).Where(entry => !entry.StartsWith("account.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Roles_are_told_to_those_who_manage_where_they_hold_and_the_last_administrator_stays()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var (ours, theirs) = (await city.Department("ours"), await city.Department("theirs"));
        await city.Give("kim", "official", ours);
        await city.Give("kim", "operator", theirs);
        await city.Give("boss", "administrator", ours);
        Assert.Equal("official", (string?)Assert.Single((await Get(city.As("boss"), "/api/grants?person=kim")).AsArray())!["role"]);
        Assert.Equal(2, (await Get(city.As("root"), "/api/grants?person=kim")).AsArray().Count);
        Assert.Empty((await Get(city.As("boss"), "/api/grants?person=root")).AsArray());

        var last = (await Get(city.As("root"), "/api/grants?person=root")).AsArray().Single(each => (string?)each!["role"] == "administrator")!["id"];
        Assert.Equal("last-administrator", (string?)(await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/grants/{last}", null, HttpStatusCode.Conflict))!["code"]);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/grants", new { person = "kim", role = "administrator", purpose = "p" }, HttpStatusCode.Created);
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/grants/{last}", null, HttpStatusCode.NoContent);
    }

    private static async Task<string> Person(ClosedCity city, string name, string? role = null, long? department = null)
    {
        await Visitor.AddPerson(city.City, name);
        return role is null ? await Visitor.FindId(city.City, name) : await Visitor.GiveRole(city.City, role, department, name);
    }

    /// <summary>What the record tells of a person, in its order.</summary>
    private static async Task<List<string>> Entries(ClosedCity city, string person)
    {
        await city.City.Services.GetRequiredService<Recorder>().Settle(Cancel);
        var digest = await city.City.Services.GetRequiredService<RecordedSubjects>().FindDigest("person:" + person, Cancel);
        await using var read = await city.City.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return [.. await read.Connection.QueryAsync<string>("SELECT action || ' ' || result FROM trust_record WHERE thing = @digest ORDER BY seq", new { digest }, read.Transaction)];
    }

    private static List<string> Ids(JsonNode page) => [.. page["people"]!.AsArray().Select(each => (string)each!["id"]!)];

    private static async Task<JsonNode> Get(HttpClient client, string address) => (await ClosedCity.Send(client, HttpMethod.Get, address, null, HttpStatusCode.OK))!;
}
