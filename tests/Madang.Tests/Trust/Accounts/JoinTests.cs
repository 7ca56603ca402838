using System.Net;
using System.Net.Http.Json;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.SignIn;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

public sealed class JoinTests
{
    private const string Password = "달이 뜨면 강물도 천천히 흐른다";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Somebody_joins_by_a_letter_and_the_password_chosen_before(Engine engine)
    {
        await using var city = await Open(engine);
        var lee = new Visitor(city);
        await lee.Get("/join");
        Assert.Equal(HttpStatusCode.OK, (await lee.Post("/join", Form("lee@city.example"))).StatusCode);
        var link = await Visitor.FindLink(city, "/join/confirm");

        // Not confirmed: no way in, and another letter that puts the first out of use.
        await lee.Get("/signin");
        await lee.Post("/signin", new() { ["name"] = "lee@city.example", ["password"] = Password });
        Assert.DoesNotContain("madang", lee.Cookies.Keys);
        var second = await Visitor.FindLink(city, "/join/confirm");
        await lee.Get(link);
        Assert.Equal(HttpStatusCode.Gone, (await lee.Post("/join/confirm", Confirm(link, Password))).StatusCode);

        // Whoever opens a letter for an account that somebody else made with this address does not know the password.
        await lee.Get(second);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lee.Post("/join/confirm", Confirm(second, "I never chose one"))).StatusCode);
        Assert.Equal("/account", (await lee.Post("/join/confirm", Confirm(second, Password))).Headers.Location?.ToString());
        await lee.Get("/account");
        Assert.Contains("이두리", lee.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joining_with_a_known_address_looks_the_same_and_tells_its_owner()
    {
        await using var city = await Open(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var pages = new List<string>();
        foreach (var email in (string[])["kim@city.example", "new@city.example"])
        {
            var visitor = new Visitor(city);
            await visitor.Get("/join");
            await visitor.Post("/join", Form(email));
            pages.Add(visitor.Page);
        }

        Assert.Equal(pages[0], pages[1]);
        await Visitor.FindLink(city, "/reset");
        Assert.Equal(HttpStatusCode.Found, (await new Visitor(city).SignIn()).StatusCode);
    }

    [Theory]
    [InlineData("", "lee@city.example", Password, "이름을 80자")]
    [InlineData("이두리", "lee@city", Password, "이메일 주소를 다시")]
    [InlineData("이두리", "lee", Password, "이메일 주소를 다시")]
    [InlineData("이두리", "lee@city.example", "짧다", "비밀번호가 짧습니다")]
    [InlineData("이두리", "lee@city.example", "passwordpassword", "쉽게 짐작할")]
    public async Task What_is_wrong_is_said(string name, string email, string password, string said)
    {
        await using var city = await Open(Engine.Sqlite);
        var lee = new Visitor(city);
        await lee.Get("/join");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await lee.Post("/join", new() { ["name"] = name, ["email"] = email, ["password"] = password })).StatusCode);
        Assert.Contains(said, lee.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_joins_where_the_city_does_not_let_them()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var lee = new Visitor(city);
        Assert.Equal(HttpStatusCode.NotFound, (await lee.Get("/join")).StatusCode);
        await lee.Get("/signin");
        Assert.DoesNotContain("/join", lee.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await lee.Post("/join", Form("lee@city.example"))).StatusCode);
    }

    [Theory, BothEngines]
    public async Task A_forgotten_password_is_set_anew_by_a_letter_once_and_every_session_ends(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        var lost = new Visitor(city);
        await lost.Get("/en/reset");
        await lost.Post("/en/reset", new() { ["email"] = "kim@city.example" });
        var known = lost.Page;
        await lost.Get("/en/reset");
        await lost.Post("/en/reset", new() { ["email"] = "not@city.example" });
        Assert.Equal(known, lost.Page);

        var link = await Visitor.FindLink(city, "/reset/new");
        await lost.Get(link);
        var form = Confirm(link, Password);
        Assert.Equal(HttpStatusCode.OK, (await lost.Post("/reset/new", form)).StatusCode);
        await lost.Get("/signin");
        Assert.Equal(HttpStatusCode.Gone, (await lost.Post("/reset/new", form)).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await kim.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await new Visitor(city).SignIn(password: Password)).StatusCode);
    }

    [Fact]
    public async Task A_link_in_a_letter_never_follows_the_host_of_the_request()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Accounts:PublicAddress"] = "https://madang.example");
        await Visitor.AddPerson(city);
        var evil = new Visitor(city, "https://evil.example");
        await evil.Get("/reset");
        await evil.Post("/reset", new() { ["email"] = "kim@city.example" });
        var patience = TimeProvider.System.GetTimestamp();
        var folder = Path.Combine(city.Store.Folder, "mail");
        while (!Directory.Exists(folder) || Directory.GetFiles(folder).Length == 0)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(10), "no letter");
            await Task.Delay(20, Cancel);
        }

        await Task.Delay(20, Cancel);
        var letter = await File.ReadAllTextAsync(Directory.GetFiles(folder)[0], Cancel);
        Assert.Contains("https://madang.example/reset/new?token=", letter, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", letter, StringComparison.Ordinal);
    }

    [Theory, BothEngines]
    public async Task The_printed_link_makes_one_administrator_within_a_day(Engine engine)
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(engine, clock: clock);
        var old = await Offer(city);
        var link = await Offer(city);
        Assert.NotNull(link);
        var first = new Visitor(city);
        Assert.Equal(HttpStatusCode.Gone, (await first.Get(old!)).StatusCode);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Gone, (await first.Get(link)).StatusCode);
        link = await Offer(city);
        Assert.Equal(HttpStatusCode.OK, (await first.Get(link!)).StatusCode);
        var form = Confirm(link!, Password);
        (form["name"], form["email"]) = ("첫 관리자", "first@city.example");
        Assert.Equal("/account", (await first.Post("/begin", form)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await first.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await new Visitor(city).Get(link!)).StatusCode);
        Assert.Null(await Offer(city));
    }

    [Theory, BothEngines]
    public async Task A_link_is_offered_while_nobody_with_an_account_is_administrator_and_heals_a_start_that_broke_off(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        // An account without the role, as a start leaves it that ends between the two; and a role whose person is no more.
        await Visitor.AddPerson(city, role: "administrator");
        var grants = city.Services.GetRequiredService<Grants>();
        await grants.Store("who-is-no-more", "administrator", null, "시험", null, "test", Cancel);
        var link = await Offer(city);
        Assert.NotNull(link);

        var kim = new Visitor(city);
        await kim.Get(link);
        var form = Confirm(link, Password);
        (form["name"], form["email"]) = ("김마당", "kim@city.example");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/begin", form)).StatusCode);
        Assert.DoesNotContain("madang", kim.Cookies.Keys);
        form["password"] = Visitor.Password;
        Assert.Equal("/account", (await kim.Post("/begin", form)).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/api/grants?person=x")).StatusCode);
        Assert.Null(await Offer(city));
    }

    [Fact]
    public async Task A_role_in_one_department_or_one_that_ended_is_no_administrator_of_the_city()
    {
        var clock = new TestClock();
        await using var city = await TestCity.Start(Engine.Sqlite, clock: clock);
        await Visitor.AddPerson(city);
        var grants = city.Services.GetRequiredService<Grants>();
        await using var scope = city.Services.CreateAsyncScope();
        var kim = (await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().FindByNameAsync("kim@city.example"))!.Id;
        var made = await city.Client.PostAsJsonAsync("/api/departments", new { code = "d", nameKo = "과", nameEn = "d" }, Cancel);
        var department = (long)System.Text.Json.Nodes.JsonNode.Parse(await made.Content.ReadAsStringAsync(Cancel))!["id"]!;
        await grants.Store(kim, "administrator", department, "시험", null, "test", Cancel);
        await grants.Store(kim, "administrator", null, "시험", clock.GetUtcNow().AddDays(1), "test", Cancel);
        Assert.Null(await Offer(city));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await Offer(city));
    }

    [Fact]
    public async Task Few_letters_are_sent_to_whoever_never_confirmed()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Accounts:Join"] = "true", new TestClock());
        var lee = new Visitor(city);
        await lee.Get("/join");
        await lee.Post("/join", Form("lee@city.example"));
        await Visitor.FindLink(city, "/join/confirm");
        for (var times = 0; times < 7; times++)
        {
            await lee.SignIn("lee@city.example", Password);
            Assert.Contains("/signin", lee.Page, StringComparison.Ordinal);
        }

        for (var letters = 0; letters < 5; letters++)
        {
            await Visitor.FindLink(city, "/join/confirm");
        }

        // A letter of another kind comes after all that were put before it.
        await lee.Get("/reset");
        await lee.Post("/reset", new() { ["email"] = "lee@city.example" });
        await Visitor.FindLink(city, "/reset/new");
        Assert.Empty(Directory.GetFiles(Path.Combine(city.Store.Folder, "mail"), "*.eml"));
    }

    [Theory, BothEngines]
    public async Task Demo_people_have_other_passwords_in_each_folder_and_are_gone_in_a_real_city(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await using var scope = city.Services.CreateAsyncScope();
        var first = scope.ServiceProvider.GetRequiredService<FirstPeople>();
        var people = await first.MakeDemoPeople();
        Assert.Equal(["mayor", "official", "operator", "administrator", "auditor", "citizen"], people.Select(person => person.SignInName));
        Assert.All(people, person => Assert.Contains("모의", person.Name, StringComparison.Ordinal));
        Assert.Equal(people, await first.MakeDemoPeople());
        Assert.Equal(4, people.Select(person => person.Password).Distinct().Count());
        var mayor = new Visitor(city);
        Assert.Equal(HttpStatusCode.Found, (await mayor.SignIn("mayor", people[0].Password)).StatusCode);

        Assert.NotNull(await Offer(city));
        Assert.Equal(HttpStatusCode.Found, (await mayor.Get("/account")).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await mayor.SignIn("mayor", people[0].Password)).StatusCode);
    }

    private static Task<TestCity> Open(Engine engine) => TestCity.Start(engine, settings => settings["Accounts:Join"] = "true");

    private static Dictionary<string, string> Form(string email) => new() { ["name"] = "이두리", ["email"] = email, ["password"] = Password };

    private static Dictionary<string, string> Confirm(string link, string password) => new() { ["token"] = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..], ["password"] = password };

    private static async Task<string?> Offer(TestCity city)
    {
        await using var scope = city.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPeople>().OfferAdministrator(Cancel) is { } link ? new Uri(link).PathAndQuery : null;
    }
}
