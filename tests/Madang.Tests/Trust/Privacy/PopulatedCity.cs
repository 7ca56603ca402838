using System.Net;
using System.Net.Http.Json;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Privacy;

/// <summary>A city full of people with marked values: who joined, signed in, was given roles, made keys, left letters and entries.</summary>
internal sealed class PopulatedCity : IAsyncDisposable
{
    public const string Email = "marked.person@city.example", NewEmail = "marked.other@city.example", Name = "표식이름", PasskeyName = "표식전화기", Elsewhere = "marked-number-elsewhere", Ip = "203.0.113.77", Agent = "Firefox · Windows";

    private PopulatedCity(TestCity city, string id) => (City, Id) = (city, id);

    public TestCity City { get; }

    /// <summary>The id of the person with the marks.</summary>
    public string Id { get; }

    public IReadOnlyList<string> Marks => [Email, NewEmail, Name, PasskeyName, Elsewhere, Ip, Agent, Id, "marked.joiner@city.example"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The person's own browser, freshly signed in.</summary>
    public Visitor Person { get; private set; } = null!;

    public static async Task<PopulatedCity> Start(Engine engine, TestClock? clock = null, string role = "operator")
    {
        var city = await TestCity.Start(engine, settings => (settings["Trust:Open"], settings["Accounts:Join"]) = ("false", "true"), clock);
        try
        {
            await Visitor.AddPerson(city, "root@city.example");
            var populated = new PopulatedCity(city, await MakePerson(city));
            await populated.Live(role);
            return populated;
        }
        catch
        {
            await city.DisposeAsync();
            throw;
        }
    }

    public Task Give(string person, string role, long? department = null, DateTimeOffset? until = null) =>
        City.Services.GetRequiredService<Grants>().Store(person, role, department, "시험", until, "test", Cancel);

    /// <summary>Calls with the person's session.</summary>
    public async Task<HttpResponseMessage> Call(HttpMethod method, string address, object? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("Cookie", string.Join("; ", Person.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        using var client = new HttpClient(City.Server.CreateHandler()) { BaseAddress = new Uri("http://localhost") };
        return await client.SendAsync(request, Cancel);
    }

    public ValueTask DisposeAsync() => City.DisposeAsync();

    private static async Task<string> MakePerson(TestCity city)
    {
        await using var scope = city.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var now = scope.ServiceProvider.GetRequiredService<TimeProvider>().GetUtcNow();
        var person = new Person { UserName = Email, Email = Email, EmailConfirmed = true, Name = Name, Made = 1, PasswordChanged = 1 };
        person.PasswordHash = people.PasswordHasher.HashPassword(person, Visitor.Password);
        Assert.True((await people.CreateAsync(person)).Succeeded);
        Assert.True((await people.AddOrUpdatePasskeyAsync(person, new UserPasskeyInfo([1, 2, 3], [4, 5], now, 7, ["internal"], true, true, false, [6], [7]) { Name = PasskeyName })).Succeeded);
        Assert.True((await people.AddLoginAsync(person, new UserLoginInfo("keycloak", Elsewhere, "Keycloak"))).Succeeded);
        return person.Id;
    }

    private async Task Live(string role)
    {
        await City.Services.GetRequiredService<SessionStore>().Begin(Id, "password", true, Ip, Agent, Cancel);
        await Give(Id, role);
        var stranger = new Visitor(City);
        await stranger.SignIn(Email, "it is not this one");
        await stranger.Get("/join");
        await stranger.Post("/join", new() { ["name"] = Name, ["email"] = "marked.joiner@city.example", ["password"] = Visitor.Password });
        Person = new Visitor(City);
        Assert.Equal(HttpStatusCode.Found, (await Person.SignIn(Email)).StatusCode);
        await Person.Get("/account");
        Assert.Equal("/account?done=letter", (await Person.Post("/account/email", new() { ["email"] = NewEmail })).Headers.Location?.ToString());
        if (role == "operator")
        {
            Assert.Equal(HttpStatusCode.Created, (await Call(HttpMethod.Post, "/api/keys", new { name = "시험 열쇠", scopes = new[] { "write" } })).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await Call(HttpMethod.Put, "/api/limits", new { kind = "account", subject = Id, perSecond = 90, note = "시험" })).StatusCode);
            Assert.Equal(HttpStatusCode.Created, (await Call(HttpMethod.Post, "/sta/v1.1/Things", new { name = "S1", description = "a sensor", properties = new { owner = "도시" } })).StatusCode);
        }

        await City.Services.GetRequiredService<Recorder>().Settle(Cancel);
    }
}
