using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust.Access;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

/// <summary>The pages for those who run the house, as somebody with a browser and without JavaScript walks through them.</summary>
public sealed class HousePageTests
{
    private static readonly string[] Pages = ["/house", "/house/people", "/house/people/invite", "/house/departments", "/house/departments/new", "/house/providers", "/house/providers/new", "/house/keys", "/house/keys?state=ended", "/house/keys/new"];

    [Fact]
    public async Task Every_page_is_drawn_in_both_languages_empty_and_full()
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(Engine.Sqlite, clock: clock);
        var (kim, me) = await Administrator(city);
        await Draw(kim, Pages);

        clock.Advance(TimeSpan.FromDays(2));
        await kim.SignIn();
        await Fill(city, kim);
        var lee = await Visitor.FindId(city, "lee@city.example");
        var grant = GrantsOf(city, lee).Single();
        await Draw(kim, [
            .. Pages, "/house/people/" + lee, "/house/people/" + me, $"/house/people/{lee}/act/lock", $"/house/people/{lee}/act/sessions", $"/house/people/{lee}/act/withdraw", $"/house/people/{lee}/roles/{grant}/end", "/house/people?q=lee&role=official",
            "/house/departments/1", "/house/departments/1/close", "/house/departments?at=2020-01-01", "/house/departments/new?parent=1", "/house/providers/1", "/house/providers/1/close", "/house/providers/new?parent=1", "/house/keys?provider=1",
        ]);
    }

    [Fact]
    public async Task Who_is_not_signed_in_is_led_to_the_door_and_who_may_not_is_told_which_role_opens_it()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false");
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        Assert.Equal("/en/signin?return=%2Fen%2Fhouse%2Fpeople%3Fq%3Dlee", (await kim.Get("/en/house/people?q=lee")).Headers.Location?.ToString());
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/house")).StatusCode);
        Assert.DoesNotContain("/house/people", kim.Page, StringComparison.Ordinal);
        await kim.Get("/");
        Assert.DoesNotContain("href=\"/house\"", kim.Page, StringComparison.Ordinal);
        foreach (var (page, role) in new[] { ("/house/people", "관리자"), ("/house/departments", "감사 담당자"), ("/house/keys", "운영자"), ("/en/house/providers", "Operator") })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get(page)).StatusCode);
            Assert.Contains(role, kim.Page, StringComparison.Ordinal);
        }

        await Visitor.GiveRole(city, "operator");
        await kim.Get("/house");
        Assert.Contains("/house/keys", kim.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("/house/people", kim.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"/house\" aria-current=\"page\"", kim.Page, StringComparison.Ordinal);
        foreach (var missing in (string[])["/house/providers/99", "/house/keys/x/revoke"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await kim.Get(missing)).StatusCode);
        }
    }

    [Theory, BothEngines]
    public async Task A_house_is_built_and_rebuilt_by_forms(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var (kim, _) = await Administrator(city);
        await Fill(city, kim);
        await kim.Get("/house/departments/2");
        Assert.Equal("/house/departments/2?done=changed", (await kim.Post("/house/departments/2", new() { ["nameKo"] = "자료과", ["nameEn"] = "Data", ["parent"] = "1" })).Headers.Location?.ToString());
        await kim.Get("/house/departments/2?done=changed");
        Assert.Contains("부서를 바꾸었습니다", kim.Page, StringComparison.Ordinal);
        Assert.Matches("(?s)지난 모습.*자료과.*둘째과", kim.Page);
        await kim.Get("/house/departments/1/close");
        // Nothing that stands below it can take over.
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/departments/1/close", new() { ["successor"] = "2" })).StatusCode);
        Assert.Contains("href=\"#field-successor\"", kim.Page, StringComparison.Ordinal);
        await kim.Post("/house/departments/new", new() { ["code"] = "third", ["nameKo"] = "셋째과", ["nameEn"] = "Third" });
        Assert.Equal("/house/departments/1?done=closed", (await kim.Post("/house/departments/1/close", new() { ["successor"] = "3" })).Headers.Location?.ToString());
        await kim.Get("/house/departments");
        // What stood below the closed one stands below its successor, in the tree and in the form.
        Assert.Matches("(?s)셋째과</a>(?:(?!</li>).)*<ul class=\"tree\">.*자료과", kim.Page);
        await kim.Get("/house/departments/2");
        Assert.Matches("<option value=\"3\" selected", kim.Page);
        await kim.Get("/house/departments");
        Assert.DoesNotContain("첫째국", kim.Page, StringComparison.Ordinal);

        await kim.Get("/house/providers/1");
        Assert.Equal("/house/providers/1?done=changed", (await kim.Post("/house/providers/1", new() { ["name"] = "이름", ["description"] = "설명" })).Headers.Location?.ToString());
        await kim.Get("/house/providers");
        Assert.Contains("비공개", kim.Page, StringComparison.Ordinal);
        await kim.Get("/house/providers/1/close");
        Assert.Equal("/house/providers/1?done=closed", (await kim.Post("/house/providers/1/close")).Headers.Location?.ToString());
    }

    [Theory, BothEngines]
    public async Task A_key_is_shown_once_replaced_and_revoked(Engine engine)
    {
        await using var city = await TestCity.Start(engine, settings => settings["Trust:Open"] = "false");
        var (kim, _) = await Administrator(city);
        await Fill(city, kim, withKey: false);
        await kim.Get("/house/keys/new?provider=1");
        var fields = new Dictionary<string, string> { ["name"] = "관문 1호", ["provider"] = "1", ["perSecond"] = "50", ["perDay"] = "", ["expiresAt"] = "2199-12-31" };
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/keys/new", fields)).StatusCode);
        Assert.Contains("href=\"#field-scopes\"", kim.Page, StringComparison.Ordinal);
        Assert.Contains("value=\"관문 1호\"", kim.Page, StringComparison.Ordinal);
        var made = await kim.Post("/house/keys/new", new(fields) { ["scopes"] = "read" });
        Assert.Equal((HttpStatusCode.OK, true), (made.StatusCode, made.Headers.CacheControl?.NoStore));
        var secret = Secret(kim.Page);
        await kim.Get("/house/keys");
        Assert.DoesNotContain(secret, kim.Page, StringComparison.Ordinal);
        Assert.Contains("1초에 50번", kim.Page, StringComparison.Ordinal);
        Assert.Contains("2199-12-31", kim.Page, StringComparison.Ordinal);

        var id = secret.Split('_')[1];
        await kim.Get($"/house/keys/{id}/rotate");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post($"/house/keys/{id}/rotate", new() { ["overlapHours"] = "91" })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await kim.Post($"/house/keys/{id}/rotate", new() { ["overlapHours"] = "3" })).StatusCode);
        Assert.NotEqual(secret, Secret(kim.Page));
        await kim.Get("/house/keys");
        Assert.Equal(1, Regex.Count(kim.Page, "곧 끝남"));
        await kim.Get($"/house/keys/{id}/revoke");
        Assert.Equal("/house/keys?done=revoked", (await kim.Post($"/house/keys/{id}/revoke")).Headers.Location?.ToString());
        await kim.Get("/house/keys?state=ended");
        Assert.Equal(1, Regex.Count(kim.Page, "<li class=\"panel\">"));
    }

    [Fact]
    public async Task Who_may_give_no_scope_to_a_key_is_told_so()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false");
        var (kim, _) = await Administrator(city);
        await Fill(city, kim, withKey: false);
        await Visitor.AddPerson(city, "han@city.example");
        await Visitor.GiveRole(city, "administrator", null, "han@city.example");
        var han = new Visitor(city);
        await han.SignIn("han@city.example");
        await han.Get("/en/house/keys/new?provider=1");
        Assert.DoesNotContain("name=\"scopes\"", han.Page, StringComparison.Ordinal);
        Assert.Contains("made by operators", han.Page, StringComparison.Ordinal);
        await han.Post("/en/house/keys/new", new() { ["name"] = "gateway", ["provider"] = "1", ["scopes"] = "read", ["expiresAt"] = "2199-12-31" });
        Assert.Contains("A key may do only what its maker may do.", han.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("key-secret", han.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_is_made_only_with_a_fresh_proof_and_a_second_yes()
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(Engine.Sqlite, clock: clock);
        var (kim, me) = await Administrator(city);
        await Visitor.AddPerson(city, "lee@city.example");
        var lee = await Visitor.FindId(city, "lee@city.example");
        var path = "/house/people/" + lee;
        var role = new Dictionary<string, string> { ["role"] = "administrator", ["department"] = "", ["purpose"] = "인사 발령", ["until"] = "" };
        await kim.Get(path);
        Assert.Equal(HttpStatusCode.OK, (await kim.Post(path + "/roles", role)).StatusCode);
        Assert.Contains("관리자로 맡기기", kim.Page, StringComparison.Ordinal);
        Assert.Empty(GrantsOf(city, lee));

        clock.Advance(TimeSpan.FromMinutes(6));
        foreach (var answer in new[] { await kim.Post(path + "/roles", new(role) { ["sure"] = "yes" }), await kim.Get(path + "/act/lock"), await kim.Post(path + "/act/lock"), await kim.Post(path + "/unlock") })
        {
            Assert.StartsWith("/account/again?return=%2Fhouse%2Fpeople%2F" + lee, answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        }

        await kim.Get("/account/again");
        await kim.Post("/account/again", new() { ["password"] = Visitor.Password });
        await kim.Get(path);
        Assert.Equal(path + "?done=role", (await kim.Post(path + "/roles", new(role) { ["sure"] = "yes" })).Headers.Location?.ToString());
        Assert.Single(GrantsOf(city, lee));
        Assert.Equal(path + "?done=lock", (await kim.Post(path + "/act/lock")).Headers.Location?.ToString());
        await kim.Get(path + "?done=lock");
        Assert.Contains("role=\"status\"", kim.Page, StringComparison.Ordinal);
        Assert.Contains("잠금 풀기", kim.Page, StringComparison.Ordinal);
        Assert.Equal(path + "?done=unlock", (await kim.Post(path + "/unlock")).Headers.Location?.ToString());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post(path + "/roles", new(role) { ["role"] = "official", ["purpose"] = "" })).StatusCode);
        Assert.Contains("<a href=\"#field-purpose\">", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post(path + "/roles", new(role) { ["role"] = "official", ["until"] = "2020-01-01" })).StatusCode);
        Assert.Contains("<a href=\"#field-until\">", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post($"/house/people/{me}/act/lock")).StatusCode);
        Assert.Equal("/house/people/" + lee, (await kim.Post("/house/people/invite", new() { ["name"] = "이", ["email"] = "lee@city.example", ["role"] = "official", ["purpose"] = "분석", ["department"] = "" })).Headers.Location?.ToString().Split('?')[0]);
    }

    private static List<long> GrantsOf(TestCity city, string person) =>
        [.. city.Services.GetRequiredService<HouseKeeper>().House.GrantsOf(person, city.Services.GetRequiredService<TimeProvider>().GetUtcNow()).Select(grant => grant.Id)];

    private static async Task<(Visitor Browser, string Id)> Administrator(TestCity city)
    {
        await Visitor.AddPerson(city);
        var id = await Visitor.GiveRole(city, "administrator");
        // Keys are given by whoever may do himself what they do.
        await Visitor.GiveRole(city, "operator");
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/house");
        return (kim, id);
    }

    /// <summary>Two departments, a provider with a key, and somebody who is invited, all by forms.</summary>
    private static async Task Fill(TestCity city, Visitor kim, bool withKey = true)
    {
        await kim.Get("/house/departments/new");
        await kim.Post("/house/departments/new", new() { ["code"] = "first", ["nameKo"] = "첫째국", ["nameEn"] = "First", ["parent"] = "" });
        Assert.Equal("/house/departments/2?done=made", (await kim.Post("/house/departments/new", new() { ["code"] = "second", ["nameKo"] = "둘째과", ["nameEn"] = "Second", ["parent"] = "1" })).Headers.Location?.ToString());
        Assert.Equal("/house/providers/1?done=made", (await kim.Post("/house/providers/new", new() { ["code"] = "sdot", ["name"] = "S-DoT", ["department"] = "1", ["parent"] = "", ["isPublic"] = "yes" })).Headers.Location?.ToString());
        if (withKey)
        {
            await kim.Post("/house/keys/new", new() { ["name"] = "관문", ["provider"] = "1", ["scopes"] = "write", ["expiresAt"] = "2199-01-01" });
        }

        await kim.Get("/house/people/invite");
        var invited = await kim.Post("/house/people/invite", new() { ["name"] = "이마당", ["email"] = "lee@city.example", ["role"] = "official", ["department"] = "1", ["purpose"] = "분석", ["until"] = "2199-01-01" });
        Assert.EndsWith("?done=invited", invited.Headers.Location?.ToString(), StringComparison.Ordinal);
    }

    private static async Task Draw(Visitor kim, IEnumerable<string> pages)
    {
        foreach (var address in pages.SelectMany(page => new[] { page, "/en" + page }))
        {
            var answer = await kim.Get(address);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address} is answered with {answer.StatusCode} {answer.Headers.Location}");
            Assert.Single(Regex.Matches(kim.Page, "<h1[ >]"));
            Assert.DoesNotContain(" style=\"", kim.Page, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"\{\d\}", Regex.Replace(kim.Page, "<script.*?</script>", "", RegexOptions.Singleline));
            Assert.True(answer.Headers.CacheControl?.NoStore, address);
        }
    }

    private static string Secret(string page) => Regex.Match(page, "<code id=\"key-secret\">(mdg_[^<]+)</code>").Groups[1].Value is { Length: > 40 } secret ? secret : throw new InvalidOperationException("no secret is shown");
}
