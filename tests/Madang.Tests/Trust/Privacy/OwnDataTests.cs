using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Laws;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Privacy;

/// <summary>What a person has of the own data, and how it goes.</summary>
public sealed class OwnDataTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_person_gets_all_that_is_held_and_no_secret(Engine engine)
    {
        await using var city = await PopulatedCity.Start(engine);

        using var answer = await city.Call(HttpMethod.Get, "/api/me/data");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.StartsWith("attachment", answer.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        var own = JsonNode.Parse(text)!["modules"]!["trust"]!;
        Assert.Equal((PopulatedCity.Email, PopulatedCity.Name, true), ((string)own["account"]![0]!["email"]!, (string)own["account"]![0]!["name"]!, (bool)own["account"]![0]!["emailConfirmed"]!));
        Assert.Equal(PopulatedCity.PasskeyName, (string)own["passkeys"]![0]!["name"]!);
        Assert.Equal(PopulatedCity.Elsewhere, (string)own["linkedAccounts"]![0]!["numberThere"]!);
        Assert.Contains(own["sessions"]!.AsArray(), session => (string?)session!["address"] == PopulatedCity.Ip);
        Assert.Equal(PopulatedCity.NewEmail, (string)own["links"]![0]!["newEmail"]!);
        Assert.Equal("operator", (string)own["roles"]![0]!["role"]!);
        Assert.Equal("시험 열쇠", (string)own["keysMade"]![0]!["name"]!);
        var entries = own["record"]!.AsArray().Select(entry => ((string)entry!["by"]!, (string)entry["action"]!)).ToList();
        Assert.Contains(("me", "login.password"), entries);
        Assert.Contains(("me", "personal.export"), entries);
        Assert.Contains(("another", "role.give"), entries);
        foreach (var secret in await Secrets(city.City))
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    [Theory, BothEngines]
    public async Task Who_erases_the_account_leaves_nothing(Engine engine)
    {
        await using var city = await PopulatedCity.Start(engine, role: "citizen");
        var subjects = city.City.Services.GetRequiredService<RecordedSubjects>();
        Assert.NotNull(await subjects.FindDigest($"person:{city.Id}", Cancel));

        Assert.Equal(HttpStatusCode.BadRequest, (await city.Call(HttpMethod.Delete, "/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await city.Call(HttpMethod.Delete, "/api/me", new { confirm = "somebody@city.example" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await city.Call(HttpMethod.Delete, "/api/me", new { confirm = PopulatedCity.Email.ToUpperInvariant() })).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await city.Call(HttpMethod.Get, "/api/me/data")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await new Visitor(city.City).SignIn(PopulatedCity.Email)).StatusCode);
        await city.City.Services.GetRequiredService<Recorder>().Settle(Cancel);
        Assert.Null(await subjects.FindDigest($"person:{city.Id}", Cancel));
        Assert.Empty(await Left(city));
        Assert.Equal(1, await Scalar(city.City, "SELECT count(*) FROM trust_record WHERE action = 'personal.erase'"));
        Assert.Equal(1, await Scalar(city.City, "SELECT count FROM trust_destruction WHERE rule = 'account-erased'"));
        await Visitor.FindLink(city.City, "/privacy");
    }

    [Theory, BothEngines]
    public async Task Whoever_had_a_role_stays_known_by_name_apart_for_three_years(Engine engine)
    {
        var clock = new TestClock();
        await using var city = await PopulatedCity.Start(engine, clock);

        Assert.Equal(HttpStatusCode.NoContent, (await city.Call(HttpMethod.Delete, "/api/me", new { confirm = PopulatedCity.Email })).StatusCode);

        Assert.Equal(["trust_departed.name", "trust_departed.person", "trust_grants.person", "trust_keys.made_by", "trust_subjects.subject"], await Left(city));
        await city.Give((string)(await Text(city.City, "SELECT id FROM trust_person WHERE user_name = 'root@city.example'"))!, "auditor");
        var auditor = new Visitor(city.City);
        await auditor.SignIn("root@city.example");
        await auditor.Get("/record?action=personal.erase");
        Assert.Contains(PopulatedCity.Name, auditor.Page, StringComparison.Ordinal);
        Assert.Equal(0, await Scalar(city.City, $"SELECT count(*) FROM trust_grants WHERE to_time IS NULL AND person = '{city.Id}'"));
        var job = city.City.Services.GetRequiredService<Madang.Trust.Privacy.Shredder>();
        clock.Advance(TimeSpan.FromDays(3 * 365 - 1));
        await job.Run(Cancel);
        Assert.Contains("trust_departed.name", await Left(city));
        clock.Advance(TimeSpan.FromDays(3));
        await job.Run(Cancel);
        // The key still works: who made it is known as long.
        Assert.Equal(["trust_keys.made_by"], await Left(city));
    }

    [Theory, BothEngines]
    public async Task The_last_administrator_may_not_leave(Engine engine)
    {
        await using var city = await PopulatedCity.Start(engine);
        await city.Give(city.Id, "administrator");
        await city.Give("nobody-any-more", "administrator");
        using (var refused = await city.Call(HttpMethod.Delete, "/api/me", new { confirm = PopulatedCity.Email }))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Contains("last-administrator", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        await city.Person.Get("/account/data");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await city.Person.Post("/account/data/erase", new() { ["confirm"] = PopulatedCity.Email })).StatusCode);
        Assert.Contains("관리자", city.Person.Page, StringComparison.Ordinal);
        await city.Give((string)(await Text(city.City, "SELECT id FROM trust_person WHERE user_name = 'root@city.example'"))!, "administrator");
        Assert.Equal(HttpStatusCode.NoContent, (await city.Call(HttpMethod.Delete, "/api/me", new { confirm = PopulatedCity.Email })).StatusCode);
    }

    [Fact]
    public async Task Both_ask_for_a_fresh_proof()
    {
        var clock = new TestClock();
        await using var city = await PopulatedCity.Start(Engine.Sqlite, clock);
        clock.Advance(TimeSpan.FromMinutes(6));
        foreach (var (method, address) in ((HttpMethod, string)[])[(HttpMethod.Get, "/api/me/data"), (HttpMethod.Delete, "/api/me")])
        {
            using var answer = await city.Call(method, address, method == HttpMethod.Delete ? new { confirm = PopulatedCity.Email } : null);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Contains("proof-needed", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        await city.Person.Get("/account/data");
        foreach (var act in (string[])["/account/data/download", "/account/data/erase"])
        {
            Assert.Equal("/account/again?return=%2Faccount%2Fdata", (await city.Person.Post(act, new() { ["confirm"] = PopulatedCity.Email })).Headers.Location?.ToString());
        }
    }

    [Fact]
    public async Task On_the_page_one_downloads_and_erases_in_both_languages()
    {
        foreach (var root in (string[])["", "/en"])
        {
            await using var city = await PopulatedCity.Start(Engine.Sqlite, role: "citizen");
            Assert.Equal(HttpStatusCode.OK, (await city.Person.Get(root + "/account/data")).StatusCode);
            using (var file = await city.Person.Post(root + "/account/data/download"))
            {
                Assert.Equal("application/json", file.Content.Headers.ContentType?.MediaType);
                Assert.Contains(PopulatedCity.Name, await file.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            }

            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await city.Person.Post(root + "/account/data/erase", new() { ["confirm"] = "나" })).StatusCode);
            Assert.Contains("aria-invalid=\"true\"", city.Person.Page, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await city.Person.Post(root + "/account/data/erase", new() { ["confirm"] = PopulatedCity.Email })).StatusCode);
            Assert.DoesNotContain("madang", city.Person.Cookies.Keys);
            Assert.DoesNotContain(PopulatedCity.Name, city.Person.Page, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Found, (await city.Person.Get(root + "/account")).StatusCode);
        }
    }

    [Fact]
    public async Task What_is_erased_is_not_left_in_the_pages_of_the_store()
    {
        await using var city = await PopulatedCity.Start(Engine.Sqlite, role: "citizen");
        Assert.Equal(HttpStatusCode.NoContent, (await city.Call(HttpMethod.Delete, "/api/me", new { confirm = PopulatedCity.Email })).StatusCode);
        await city.City.Stop();

        // What waits in the write-ahead log comes into its place, as it does by itself after a while.
        var path = Path.Combine(city.City.Store.Folder, "madang.db");
        await using (var store = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            await store.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        var bytes = await File.ReadAllBytesAsync(path, Cancel);
        Assert.Equal(-1, bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(PopulatedCity.Email)));
        Assert.NotEqual(-1, bytes.AsSpan().IndexOf("root@city.example"u8));
    }

    /// <summary>Where the person's own marks stand.</summary>
    private static async Task<IEnumerable<string>> Left(PopulatedCity city)
    {
        await using var read = await city.City.Services.GetRequiredService<IDatabase>().Read(Cancel);
        var columns = await PersonalLaw.Columns(read.Connection, city.City.Engine, read.Transaction);
        string[] marks = [city.Id, PopulatedCity.Email, PopulatedCity.NewEmail, PopulatedCity.Elsewhere, PopulatedCity.PasskeyName, PopulatedCity.Ip, PopulatedCity.Agent, PopulatedCity.Name];
        // Another person who never confirmed the address has the same name.
        await read.DisposeAsync();
        await city.City.Services.GetRequiredService<IDatabase>().Write(scope => scope.Connection.ExecuteAsync("DELETE FROM trust_person WHERE user_name = 'marked.joiner@city.example'", transaction: scope.Transaction), Cancel);
        await using var again = await city.City.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return (await PersonalLaw.Where(again.Connection, columns, marks, again.Transaction)).Order();
    }

    private static async Task<IReadOnlyList<string>> Secrets(TestCity city)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return (await read.Connection.QueryAsync<string>(
            "SELECT password_hash FROM trust_person UNION ALL SELECT digest FROM trust_session UNION ALL SELECT digest FROM trust_ticket UNION ALL SELECT security_stamp FROM trust_person WHERE security_stamp IS NOT NULL", transaction: read.Transaction)).AsList();
    }

    private static async Task<long> Scalar(TestCity city, string sql) => Convert.ToInt64(await Text(city, sql), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<object?> Text(TestCity city, string sql)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return await read.Connection.ExecuteScalarAsync<object>(sql, transaction: read.Transaction);
    }
}
