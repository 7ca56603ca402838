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
    public async Task A_datastream_is_found_by_its_name_and_chosen()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var datastream = await sta.CreateDatastream("종로 7");
        await sta.Observe(datastream, (0, 20));
        var kim = await Operator(sta.City);
        var patience = TimeProvider.System.GetTimestamp();
        while ((int)(await sta.Get("/api/city/sensors?data=simulated"))["count"]! < 1)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the sensor is known");
            await Task.Delay(10, Cancel);
        }

        await kim.Get("/house/retention?find=" + Uri.EscapeDataString("종로 초미세먼지"));
        Assert.Matches($"(?s)종로 7 · [^<]+\\({datastream}\\).*href=\"/house/retention\\?datastream={datastream}#rule-title\"", kim.Page);
        await kim.Get("/en/house/retention?find=noise");
        Assert.Contains("Nothing fits.", kim.Page, StringComparison.Ordinal);
        await kim.Get($"/en/house/retention?datastream={datastream}");
        Assert.Matches($"(?s)Chosen: 종로 7.*name=\"datastream\"[^>]* value=\"{datastream}\"", kim.Page);
    }

    [Theory, BothEngines]
    public async Task An_operator_sees_what_a_deletion_would_delete_starts_it_with_a_fresh_proof_and_sees_its_end(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        var datastream = await sta.CreateDatastream("종로 <b>");
        await sta.Observe(datastream, (0, 20), (60, 950), (120, 990));
        var kim = await Operator(sta.City);
        await kim.Get("/house/deletions");
        Assert.Contains("아직 없습니다", kim.Page, StringComparison.Ordinal);
        foreach (var (query, wrong) in new[] { ("Things", "Observations를 물어야 합니다"), ("Observations", "모두 지우는 것은 할 수 없습니다"), ("Observations?$filter=result gt", "끝났는데"), ("", "4000자까지") })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/deletions", new() { ["query"] = query })).StatusCode);
            Assert.Matches($"(?s)href=\"#field-query\">[^<]*{wrong}", kim.Page);
        }

        Assert.Equal(HttpStatusCode.OK, (await kim.Post("/house/deletions", new() { ["query"] = "/sta/v1.1/Observations?$filter=result gt 900" })).StatusCode);
        Assert.Matches("(?s)값 2개가 지워집니다. Datastream 1개.*<td>2</td>.*지워질 값의 보기.*950.*2개 지우기.*지우지 않기", kim.Page);
        await kim.Get("/en/house/deletions");
        Assert.Matches("(?s)Previewed.*result gt 900.*2 values would go.*href=\"/en/house/deletions/1/start\"", kim.Page);
        Assert.DoesNotContain("See in the record", kim.Page, StringComparison.Ordinal);
        await kim.Get("/en/house/deletions/1/start");
        Assert.Contains("does not come back", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/en/house/deletions?done=started", (await kim.Post("/en/house/deletions/1/start")).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/deletions/1/start")).StatusCode);
        Assert.Contains("이미 시작한 것입니다", kim.Page, StringComparison.Ordinal);
        var patience = TimeProvider.System.GetTimestamp();
        while ((string)(await sta.Get("/api/deletions/1"))["state"]! != "done")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the deletion ends");
            await Task.Delay(10, Cancel);
        }

        await kim.Get("/house/deletions");
        Assert.Matches("(?s)다 지움.*2개를 지움.*시작.*끝", kim.Page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await kim.Post("/house/deletions/1/stop")).StatusCode);

        // One that nobody wants is forgotten.
        await kim.Post("/house/deletions", new() { ["query"] = $"Datastreams({datastream})/Observations?$filter=result lt 0" });
        Assert.Contains("이 질의에 맞는 값이 없습니다", kim.Page, StringComparison.Ordinal);
        Assert.Equal("/house/deletions?done=stopped", (await kim.Post("/house/deletions/2/stop")).Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await kim.Get("/house/deletions/2/start")).StatusCode);
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
        foreach (var page in (string[])["/house/retention", "/house/deletions", "/house/webhooks"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get(page)).StatusCode);
        }

        await Visitor.GiveRole(city, "operator");
        foreach (var path in (string[])["/house", "/house/retention", "/house/retention?after=5&done=removed", "/house/retention?find=x", "/house/deletions", "/house/deletions?done=started", "/house/webhooks", "/house/webhooks?done=on"])
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
