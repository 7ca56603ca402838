using System.Net;
using System.Text.RegularExpressions;
using Madang.Sensing.Retention;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

/// <summary>The pages of retention and of webhooks, as an operator without JavaScript walks through them.</summary>
public sealed class KeepPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task An_operator_sets_how_long_values_are_kept_and_sees_what_was_removed(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, (0, 20), (60, 31));
        var kim = await Operator(sta.City);
        await kim.Get("/house/retention");
        Assert.Contains("규칙이 없습니다", kim.Page, StringComparison.Ordinal);

        foreach (var (fields, wrong) in new (Dictionary<string, string>, string)[]
        {
            (new() { ["datastream"] = "999", ["rawDays"] = "30" }, "고칠 수 있는 Datastream"),
            (new() { ["datastream"] = $"{datastream}", ["rawDays"] = "0" }, "1에서 36,525까지"),
            (new() { ["datastream"] = $"{datastream}", ["rawDays"] = "30", ["rollupDays"] = "7" }, "값을 두는 날수에서"),
        })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/retention", fields)).StatusCode);
            Assert.Contains(wrong, kim.Page, StringComparison.Ordinal);
        }

        Assert.Equal("/house/retention?done=set", (await kim.Post("/house/retention", new() { ["datastream"] = $"{datastream}", ["rawDays"] = "30", ["rollupDays"] = "3650" })).Headers.Location?.ToString());
        await kim.Get("/house/retention?done=set");
        Assert.Matches("(?s)규칙을 정했습니다.*값 30일 · 요약 3,650일.*아직 지운 것이 없음", kim.Page);

        await sta.City.Services.GetRequiredService<RetentionWorker>().RunAll(Cancel);
        await kim.Get($"/en/house/retention?datastream={datastream}");
        Assert.Matches($"(?s)2 values and 0 summaries removed.*name=\"rawDays\"[^>]* value=\"30\".*href=\"/en/datastreams/{datastream}\">{datastream}</a></td>\\s*<td>[^<]+</td>\\s*<td>2</td>", kim.Page);

        await kim.Get($"/en/house/retention/{datastream}/remove");
        Assert.Contains("does not come back", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/en/house/retention?done=removed", (await kim.Post($"/en/house/retention/{datastream}/remove")).Headers.Location?.ToString());
        Assert.Empty((await sta.Get("/api/retention"))["rules"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get($"/house/retention/{datastream}/remove")).StatusCode);
    }

    [Theory, BothEngines]
    public async Task An_operator_makes_a_webhook_is_told_its_secret_once_pauses_resumes_and_deletes_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var kim = await Operator(sta.City);
        await kim.Get("/house/webhooks");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/webhooks", new() { ["name"] = "시험", ["url"] = "http://127.0.0.1/", ["query"] = "Observations" })).StatusCode);
        Assert.Matches("(?s)href=\"#field-url\".*value=\"http://127.0.0.1/\"", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/webhooks", new() { ["name"] = "시험", ["url"] = "https://example.org/h", ["query"] = "Observations?$filter=result gt" })).StatusCode);
        Assert.Contains("href=\"#field-query\"", kim.Page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/house/webhooks", new() { ["name"] = "<b>시험</b>", ["url"] = "https://example.org/h", ["query"] = "Observations?$filter=result gt 35" })).StatusCode);
        var secret = Regex.Match(kim.Page, "id=\"hook-secret\">([^<]+)<").Groups[1].Value;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await kim.Get("/en/house/webhooks");
        Assert.DoesNotContain(secret, kim.Page, StringComparison.Ordinal);
        Assert.Matches("(?s)&lt;b&gt;시험&lt;/b&gt;.*Sending.*https://example.org/h.*result gt 35.*None yet.*Pause", kim.Page);

        foreach (var (on, done, state) in new[] { ("false", "off", "Paused"), ("true", "on", "Sending") })
        {
            Assert.Equal($"/en/house/webhooks?done={done}", (await kim.Post("/en/house/webhooks/1/state", new() { ["on"] = on })).Headers.Location?.ToString());
            await kim.Get("/en/house/webhooks");
            Assert.Contains(state, kim.Page, StringComparison.Ordinal);
        }

        await kim.Get("/en/house/webhooks/1/delete");
        Assert.Contains("cannot be undone", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/en/house/webhooks?done=deleted", (await kim.Post("/en/house/webhooks/1/delete")).Headers.Location?.ToString());
        await kim.Get("/en/house/webhooks");
        Assert.Contains("There are no webhooks yet.", kim.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_is_drawn_in_both_languages_and_only_for_who_may_write()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:Open"] = "false");
        await Visitor.AddPerson(city);
        await Visitor.GiveRole(city, "administrator");
        var kim = new Visitor(city);
        await kim.SignIn();
        await kim.Get("/house");
        Assert.DoesNotContain("/house/retention", kim.Page, StringComparison.Ordinal);
        foreach (var page in (string[])["/house/retention", "/house/webhooks"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get(page)).StatusCode);
        }

        await Visitor.GiveRole(city, "operator");
        foreach (var path in (string[])["/house", "/house/retention", "/house/retention?after=5&done=removed", "/house/webhooks", "/house/webhooks?done=on"])
        {
            foreach (var root in (string[])["", "/en"])
            {
                Assert.Equal(HttpStatusCode.OK, (await kim.Get(root + path)).StatusCode);
                Assert.Single(Regex.Matches(kim.Page, "<h1[ >]"));
                Assert.DoesNotContain(" style=\"", kim.Page, StringComparison.Ordinal);
            }
        }
    }

    private static async Task<Visitor> Operator(TestCity city)
    {
        await Visitor.AddPerson(city);
        await Visitor.GiveRole(city, "operator");
        var kim = new Visitor(city);
        await kim.SignIn();
        return kim;
    }
}
