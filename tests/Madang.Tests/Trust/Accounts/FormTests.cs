using System.Net;
using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

/// <summary>What another site sends in a visitor's name is refused. The forms are discovered, not listed.</summary>
public sealed class FormTests
{
    [Fact]
    public async Task Every_form_of_the_pages_needs_the_token_of_a_page()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        foreach (var role in Madang.Trust.Role.All)
        {
            await Visitor.GiveRole(city, role.Code);
        }

        var kim = new Visitor(city);
        await kim.SignIn();
        var forms = city.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>()?.DeclaringType?.Assembly.GetName().Name == "Madang.Web")
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Select(endpoint => System.Text.RegularExpressions.Regex.Replace(endpoint.RoutePattern.RawText!, @"\{[^}]*\}", "1"))
            .Where(path => !path.EndsWith("/look", StringComparison.Ordinal))
            .ToList();

        Assert.True(forms.Count > 40, $"only {forms.Count} forms were found");
        foreach (var form in forms)
        {
            using var nothing = await city.Client.PostAsync(form, null, TestContext.Current.CancellationToken);
            Assert.True(nothing.StatusCode is HttpStatusCode.UnsupportedMediaType or HttpStatusCode.Redirect or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{form} answers {nothing.StatusCode} to nothing");
            Assert.True((await kim.Post(form, new() { ["token-of-form"] = "" })).StatusCode == HttpStatusCode.BadRequest, $"{form} takes what anybody sends");
        }
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:8081")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_form_from_elsewhere_is_refused_with_the_right_token_too(string header, string value)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account");
        Assert.Equal(HttpStatusCode.BadRequest, (await kim.Post("/signout", adjust: request => request.Headers.TryAddWithoutValidation(header, value))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/account")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task A_form_that_is_refused_is_recorded(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await kim.SignIn();
        for (var times = 0; times < 3; times++)
        {
            await kim.Post("/account/name", new() { ["token-of-form"] = "" });
        }

        await city.Services.GetRequiredService<Tally>().Settle();
        await city.Services.GetRequiredService<Recorder>().Settle(TestContext.Current.CancellationToken);
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(TestContext.Current.CancellationToken);
        var kept = await read.Connection.QueryAsync<(string Kind, string Thing, string Result)>("SELECT kind, thing, result FROM trust_record WHERE action = 'refusal' ORDER BY seq", transaction: read.Transaction);
        Assert.Equal([("http-400", "POST /account/name", "refused"), ("http-400", "POST /account/name", "refused, 2 more within the minute")], kept);
    }

    [Fact]
    public async Task A_token_of_one_person_is_no_good_for_another()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        await Visitor.AddPerson(city, "lee@city.example");
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/account");
        var lee = new Visitor(city);
        await lee.SignIn("lee@city.example");
        kim.Cookies["madang"] = lee.Cookies["madang"];
        Assert.Equal(HttpStatusCode.BadRequest, (await kim.Post("/account/name", new() { ["name"] = "다른 이름" })).StatusCode);
    }
}
