using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Privacy;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

public sealed partial class OwnAccountTests
{
    private const string NewPassword = "다른 마당에는 별빛이 내려앉는다";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_new_password_ends_every_other_session(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var (home, work) = (new Visitor(city), new Visitor(city));
        await home.SignIn();
        await work.SignIn();
        await home.Get("/account/security");
        Assert.Equal("/account/security?done=password", (await home.Post("/account/security/password", new() { ["old"] = Visitor.Password, ["password"] = NewPassword })).Headers.Location?.ToString());

        Assert.Equal(HttpStatusCode.OK, (await home.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await work.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await work.SignIn()).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await work.SignIn(password: NewPassword)).StatusCode);
        await Visitor.FindLink(city, "/reset");
    }

    [Fact]
    public async Task Dangerous_acts_ask_for_a_fresh_proof_and_a_proof_is_another_secret()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account");
        city.Clock!.Advance(TimeSpan.FromMinutes(6));
        foreach (var act in (string[])[
            "/account/email", "/account/security/password", "/account/security/totp", "/account/security/totp/stop", "/account/security/codes", "/account/security/passkey",
            "/account/security/passkey/remove", "/account/security/link", "/account/security/unlink", "/account/sessions/end", "/account/sessions/others"])
        {
            var answer = await kim.Post(act, new() { ["password"] = NewPassword, ["email"] = "new@city.example" });
            Assert.True(answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.ToString().StartsWith("/account/again?return=%2Faccount", StringComparison.Ordinal), $"{act}: {answer.StatusCode} {answer.Headers.Location}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Post("/account/security/passkey/options")).StatusCode);
        var old = kim.Cookies["madang"];
        await kim.Get("/account/again?return=/account/security");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/account/again", new() { ["password"] = "it is not this one" })).StatusCode);
        Assert.Equal("/account/security", (await kim.Post("/account/again", new() { ["password"] = Visitor.Password, ["return"] = "/account/security" })).Headers.Location?.ToString());
        Assert.NotEqual(old, kim.Cookies["madang"]);
        await kim.Get("/account/security");
        Assert.Equal("/account/security?done=password", (await kim.Post("/account/security/password", new() { ["old"] = Visitor.Password, ["password"] = NewPassword })).Headers.Location?.ToString());
    }

    [Theory, BothEngines]
    public async Task A_new_password_asks_for_the_old_one_and_guesses_wait(Engine engine)
    {
        await using var city = await TestCity.Start(engine, clock: new TestClock());
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account/security");
        Assert.Contains("name=\"old\"", kim.Page, StringComparison.Ordinal);
        foreach (var old in (string[])["", "it is not this one", NewPassword, "nor is it this one", "or that"])
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/account/security/password", new() { ["old"] = old, ["password"] = NewPassword })).StatusCode);
            Assert.Contains("비밀번호가 맞지 않습니다", kim.Page, StringComparison.Ordinal);
        }

        await kim.Post("/account/security/password", new() { ["old"] = Visitor.Password, ["password"] = NewPassword });
        Assert.Contains("시도가 너무 많았습니다", kim.Page, StringComparison.Ordinal);
        city.Clock!.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("/account/security?done=password", (await kim.Post("/account/security/password", new() { ["old"] = Visitor.Password, ["password"] = NewPassword })).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await new Visitor(city).SignIn()).StatusCode);
    }

    [Fact]
    public async Task What_was_begun_with_the_old_password_ends_with_it()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var (kim, other) = (new Visitor(city), new Visitor(city));
        await other.Get("/reset");
        await other.Post("/reset", new() { ["email"] = "kim@city.example" });
        var link = await Visitor.FindLink(city, "/reset/new");
        Assert.Equal(HttpStatusCode.OK, (await other.Get(link)).StatusCode);
        await kim.SignIn();
        await kim.Get("/account/security");
        await kim.Post("/account/security/password", new() { ["old"] = Visitor.Password, ["password"] = NewPassword });
        Assert.Equal(HttpStatusCode.Gone, (await other.Get(link)).StatusCode);
    }

    [Fact]
    public async Task Few_letters_are_sent_to_new_addresses()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock());
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account");
        for (var letter = 0; letter < 5; letter++)
        {
            Assert.Equal("/account?done=letter", (await kim.Post("/account/email", new() { ["email"] = $"new{letter}@city.example" })).Headers.Location?.ToString());
        }

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/account/email", new() { ["email"] = "new6@city.example" })).StatusCode);
        Assert.Contains("시도가 너무 많았습니다", kim.Page, StringComparison.Ordinal);
        city.Clock!.Advance(TimeSpan.FromMinutes(1));
        await kim.SignIn();
        await kim.Get("/account");
        Assert.Equal("/account?done=letter", (await kim.Post("/account/email", new() { ["email"] = "new7@city.example" })).Headers.Location?.ToString());
    }

    [Theory, BothEngines]
    public async Task Devices_are_listed_and_signed_out_one_by_one_or_all(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        await Visitor.AddPerson(city, "lee@city.example");
        var (one, two, three, lee) = (new Visitor(city), new Visitor(city), new Visitor(city), new Visitor(city));
        await lee.SignIn("lee@city.example");
        foreach (var kim in (Visitor[])[two, three, one])
        {
            await kim.SignIn();
        }

        await one.Get("/account/sessions");
        Assert.Equal(3, Regex.Count(one.Page, "class=\"panel session\""));
        Assert.Contains("지금 쓰는 기기", one.Page, StringComparison.Ordinal);
        foreach (var id in SessionId().Matches(one.Page).Select(match => match.Groups[1].Value).Take(1))
        {
            // Another person's hand reaches nothing.
            await lee.Get("/account/sessions");
            await lee.Post("/account/sessions/end", new() { ["id"] = id });
            Assert.Equal(3, await Count(city, "kim@city.example"));
            await one.Post("/account/sessions/end", new() { ["id"] = id });
            Assert.Equal(2, await Count(city, "kim@city.example"));
        }

        await one.Post("/account/sessions/others");
        Assert.Equal((1, 1), (await Count(city, "kim@city.example"), await Count(city, "lee@city.example")));
        Assert.Equal(HttpStatusCode.OK, (await one.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await two.Get("/account")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task With_an_app_a_code_is_asked_for_and_each_is_good_once(Engine engine)
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(engine, clock: clock);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account/security");
        await kim.Post("/account/security/totp");
        var key = Regex.Match(kim.Page, "<code>([A-Z2-7 ]+)</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("<svg class=\"qr\"", kim.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/account/security/totp/confirm", new() { ["code"] = "000000" })).StatusCode);
        var first = Totp.Code(key, clock.GetUtcNow());
        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/account/security/totp/confirm", new() { ["code"] = first })).StatusCode);
        var codes = Regex.Matches(kim.Page, "<code>([0-9a-z]{5}-[0-9a-z]{5})</code>").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(10, codes.Distinct().Count());

        var other = new Visitor(city);
        Assert.Equal("/signin/second", (await other.SignIn()).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Found, (await other.Get("/account")).StatusCode);
        await other.Get("/signin/second");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await other.Post("/signin/second", new() { ["code"] = first })).StatusCode);
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("/account", (await other.Post("/signin/second", new() { ["code"] = Totp.Code(key, clock.GetUtcNow()) })).Headers.Location?.ToString());

        foreach (var expected in (HttpStatusCode[])[HttpStatusCode.Found, HttpStatusCode.UnprocessableEntity])
        {
            var lost = new Visitor(city);
            await lost.SignIn();
            await lost.Get("/signin/second");
            Assert.Equal(expected, (await lost.Post("/signin/second", new() { ["code"] = codes[3].ToUpperInvariant() })).StatusCode);
        }

        var late = new Visitor(city);
        await late.SignIn();
        clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("/signin", (await late.Get("/signin/second")).Headers.Location?.ToString());
    }

    [Theory, BothEngines]
    public async Task Another_address_is_taken_when_its_letter_is_opened(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account");
        await kim.Post("/account/email", new() { ["email"] = "new@city.example" });
        var link = await Visitor.FindLink(city, "/account/address");
        await kim.Get(link);
        Assert.Equal("/account?done=email", (await kim.Post("/account/address", new() { ["token"] = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..] })).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Found, (await new Visitor(city).SignIn("new@city.example")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await new Visitor(city).SignIn()).StatusCode);
    }

    [Theory, BothEngines]
    public async Task What_has_ended_is_swept_away(Engine engine)
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(engine, clock: clock);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn(password: "it is not this one");
        await kim.SignIn();
        await kim.SignIn("nobody", "it is not this one");
        await kim.Get("/signin?problem=late");
        await kim.Post("/signin/passkey/options");
        clock.Advance(TimeSpan.FromDays(4));
        await city.Services.GetRequiredService<Shredder>().Run(Cancel);
        Assert.Equal(0, await Scalar(city, "SELECT (SELECT COUNT(*) FROM trust_session) + (SELECT COUNT(*) FROM trust_ticket) + (SELECT COUNT(*) FROM trust_attempt)"));
        Assert.Equal(1, await Scalar(city, "SELECT COUNT(*) FROM trust_person"));
    }

    [Fact]
    public async Task The_store_holds_no_secret_that_lets_in()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, services: services => services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordRule.Iterations));
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        var row = await read.Connection.QuerySingleAsync<(string Digest, string Hash)>("SELECT s.digest, p.password_hash FROM trust_session s JOIN trust_person p ON p.id = s.person", transaction: read.Transaction);
        Assert.Equal(Token.Digest(kim.Cookies["madang"]), row.Digest);
        // Version 3 of Identity's format: PBKDF2 with HMAC-SHA-512 (2), iterations big-endian.
        Assert.Equal([1, 0, 0, 0, 2, 0, 3, 0x34, 0x50], Convert.FromBase64String(row.Hash)[..9]);
    }

    private static Task<long> Count(TestCity city, string name) =>
        Scalar(city, $"SELECT COUNT(*) FROM trust_session s JOIN trust_person p ON p.id = s.person WHERE p.user_name = '{name}'");

    private static async Task<long> Scalar(TestCity city, string sql)
    {
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        return await read.Connection.ExecuteScalarAsync<long>(sql, transaction: read.Transaction);
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f]{32})\"")]
    private static partial Regex SessionId();
}
