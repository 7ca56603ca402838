using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Web;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

public sealed class AboutTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/about", "마당을 소개합니다")]
    [InlineData("/en/about", "About Madang")]
    [InlineData("/data", "자료 출처")]
    [InlineData("/en/data", "Data sources")]
    [InlineData("/developers", "공개 API 사용법")]
    [InlineData("/en/developers", "Using the open API")]
    [InlineData("/accessibility", "접근성 안내")]
    [InlineData("/en/accessibility", "Accessibility")]
    public async Task A_page_about_the_house_stands_in_both_languages(string address, string title)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var page = await city.Client.GetStringAsync(address, Cancel);

        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_call_that_the_page_for_developers_shows_runs()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(), (200, 38));
        await Settled(sta);
        var page = WebUtility.HtmlDecode(await sta.City.Client.GetStringAsync("/developers", Cancel));
        var calls = Regex.Matches(page, "data-call id=\"call-\\w+\">curl (?:-N )?'([^']+)'").Select(match => match.Groups[1].Value).ToList();
        Assert.True(calls.Count >= 9, $"{calls.Count} calls are shown");

        foreach (var call in calls)
        {
            using var response = await sta.City.Client.GetAsync(call, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.True(response.IsSuccessStatusCode, $"{call} is answered with {response.StatusCode}");
        }
    }

    [Fact]
    public async Task The_sources_of_the_readings_are_listed_as_the_sensors_name_them()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(), (200, 38));
        await Settled(sta);

        var page = await sta.City.Client.GetStringAsync("/data", Cancel);

        Assert.Contains("이 서버는 1곳에서 온 센서 1개의 값을 보여 줍니다.", page, StringComparison.Ordinal);
        Assert.Contains("모의 데이터", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing", "<html lang=\"ko\"", "찾는 페이지가 없습니다")]
    [InlineData("/en/nothing", "<html lang=\"en\"", "There is no such page")]
    [InlineData("/한글", "<html lang=\"ko\"", "찾는 페이지가 없습니다")]
    public async Task A_person_who_is_lost_gets_a_page(string address, string lang, string title)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var answer = await city.Client.GetAsync(address, Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(lang, page, StringComparison.Ordinal);
        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_breaks_while_it_is_drawn_becomes_a_page_that_says_so()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await using var scope = city.Services.CreateAsyncScope();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Scheme = "http", Host = new HostString("127.0.0.1"), Path = "/en/" }, Response = { Body = body } };
        await Assert.ThrowsAsync<InvalidOperationException>(() => new RazorComponentResult<Broken>().ExecuteAsync(context));

        context.Response.Clear();
        await ErrorPages.Write(context, StatusCodes.Status500InternalServerError);

        Assert.Equal(StatusCodes.Status500InternalServerError, context.Response.StatusCode);
        Assert.Contains("<h1>The server made a mistake</h1>", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/live/nothing")]
    public async Task A_program_that_is_lost_gets_a_problem(string address)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var answer = await city.Client.GetAsync(address, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/sensors?data=real", "/sensors?data=real")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("/a\r\nSet-Cookie: b=c", "/")]
    public async Task A_chosen_look_is_kept_and_leads_back_to_this_site_only(string back, string target)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var answer = await city.Client.PostAsync("/look", new FormUrlEncodedContent(new Dictionary<string, string> { ["mode"] = "dark", ["size"] = "largest", ["back"] = back }), Cancel);

        Assert.Equal(target, answer.Headers.Location?.OriginalString);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("madang-look=dark.largest;", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dark.largest", "data-look-mode=\"dark\" data-look-size=\"largest\"")]
    [InlineData("contrast.medium", "data-look-mode=\"contrast\" data-krds-mode=\"high-contrast\"")]
    [InlineData("\"><script>.x", "<html lang=\"ko\">")]
    public async Task The_page_comes_in_the_chosen_look(string cookie, string html)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/about");
        request.Headers.Add("Cookie", $"madang-look={cookie}");

        var page = await (await city.Client.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel);

        Assert.Contains(html, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_of_a_configured_base_map_is_allowed_and_no_other()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Web:MapStyle"] = "https://tiles.example/styles/plain.json");

        var policy = (await city.Client.GetAsync("/", Cancel)).Headers.GetValues("Content-Security-Policy").Single();

        Assert.Contains("connect-src 'self' https://tiles.example;", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
    }

    private sealed class Broken : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) => throw new InvalidOperationException("This page breaks.");
    }

    private static async Task Settled(Sta sta)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while ((string?)(await sta.Get("/api/city/now?data=simulated"))["asOf"] is null)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the reading becomes a figure");
            await Task.Delay(10, Cancel);
        }
    }
}
