using System.Net;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

/// <summary>There is always somebody who can give roles, and who gives them reaches no further than the own departments.</summary>
public sealed class WhoGivesRolesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Names_without_people_locked_accounts_and_unopened_invitations_are_no_administrators(Engine engine)
    {
        await using var city = await ClosedCity.Start(engine);
        await Visitor.AddPerson(city.City);
        var kim = await Visitor.GiveRole(city.City, "administrator");
        var own = await Grant(city, kim);

        // The made-up root and a ghost hold the role by name alone.
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/grants", new { person = "ghost", role = "administrator", purpose = "p" }, HttpStatusCode.Created);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/people", new { name = "한봄", email = "bom@city.example", role = "administrator", purpose = "p" }, HttpStatusCode.Accepted);
        await Refused(city, own);

        await Visitor.AddPerson(city.City, "lee@city.example");
        var lee = await Visitor.GiveRole(city.City, "administrator", name: "lee@city.example");
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/people/{lee}/lock", null, HttpStatusCode.NoContent);
        await Refused(city, own);
        await ClosedCity.Send(city.As("root"), HttpMethod.Post, $"/api/people/{lee}/unlock", null, HttpStatusCode.NoContent);
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/grants/{own}", null, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Who_manages_one_department_gives_roles_to_those_who_work_there_and_to_nobody_else()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var ours = await city.Department("ours");
        var theirs = await city.Department("theirs");
        await city.Give("boss", "administrator", ours);
        await city.Give("colleague", "official", ours);
        await city.Give("stranger", "official", theirs);

        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/grants", new { person = "colleague", role = "operator", department = ours, purpose = "p" }, HttpStatusCode.Created);
        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/grants", new { person = "stranger", role = "citizen", department = ours, purpose = "p" }, HttpStatusCode.NotFound);
        // Also a name that has no account is found among everybody's roles, and of other departments nothing is.
        Assert.Equal(["boss", "colleague"], await Everybody(city, "boss", ""));
        Assert.Equal(["root", "boss", "colleague", "stranger"], await Everybody(city, "root", ""));
        Assert.Equal(["colleague"], await Everybody(city, "boss", "?after=" + (await Send(city, "boss", "/api/grants")).AsArray()[^2]!["id"]));
        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/grants", new { person = "nobody", role = "citizen", department = ours, purpose = "p" }, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("문의는 hong@city.example")]
    [InlineData("홍길동 010-1234-5678 때문에")]
    public async Task A_purpose_that_tells_of_a_person_is_refused_for_it_stays_for_ever(string purpose)
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        foreach (var (address, body) in new (string, object)[] { ("/api/grants", new { person = "kim", role = "citizen", purpose }), ("/api/people", new { name = "한봄", email = "bom@city.example", role = "citizen", purpose }) })
        {
            Assert.Equal("purpose", (string?)(await ClosedCity.Send(city.As("root"), HttpMethod.Post, address, body, HttpStatusCode.BadRequest))!["field"]);
        }
    }

    [Fact]
    public async Task Who_joins_with_an_invited_address_changes_nothing_of_the_invitation()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var id = (string)(await ClosedCity.Send(city.As("root"), HttpMethod.Post, "/api/people", new { name = "한봄", email = "bom@city.example", role = "operator", purpose = "현장" }, HttpStatusCode.Accepted))!["person"]!;
        await using (var scope = city.City.Services.CreateAsyncScope())
        {
            Assert.Null(await scope.ServiceProvider.GetRequiredService<JoinDesk>().Join("도둑", "bom@city.example", Visitor.Password, "ko", null, Cancel));
        }

        var person = (await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/people/" + id, null, HttpStatusCode.OK))!;
        Assert.Contains("한봄", person.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        await ClosedCity.Send(city.As("root"), HttpMethod.Delete, "/api/people/" + id, null, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_month_of_which_nothing_is_recorded_is_not_signed_off()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("anna", "auditor", null);
        var answer = await ClosedCity.Send(city.As("anna"), HttpMethod.Post, "/api/audit/review", new { month = "1999-01", note = "n" }, HttpStatusCode.Conflict);
        Assert.Equal("month-empty", (string?)answer!["code"]);
    }

    private static async Task<IEnumerable<string>> Everybody(ClosedCity city, string by, string query) => (await Send(city, by, "/api/grants" + query)).AsArray().Select(grant => (string)grant!["person"]!).Distinct();

    private static async Task<JsonNode> Send(ClosedCity city, string by, string address) => (await ClosedCity.Send(city.As(by), HttpMethod.Get, address, null, HttpStatusCode.OK))!;

    private static async Task<long> Grant(ClosedCity city, string person) =>
        (long)(await ClosedCity.Send(city.As("root"), HttpMethod.Get, "/api/grants?person=" + person, null, HttpStatusCode.OK))!.AsArray().Single()!["id"]!;

    private static async Task Refused(ClosedCity city, long grant)
    {
        var answer = (JsonNode)(await ClosedCity.Send(city.As("root"), HttpMethod.Delete, $"/api/grants/{grant}", null, HttpStatusCode.Conflict))!;
        Assert.Equal("last-administrator", (string?)answer["code"]);
    }
}
