using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Madang.EndToEnd;

/// <summary>
/// The demo city's cloud of fine dust: what the city says of it is compared with what its stations measured, by the law's numbers
/// written down here once more (대기환경보전법 시행규칙 별표 7), and looked at in a browser.
/// </summary>
[Collection(nameof(Alone))]
public sealed class EpisodeTests
{
    /// <summary>A cloud comes once in forty hours and stays for thirteen; an hour of the city is a second here where the machine keeps up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_cloud_of_dust_raises_upgrades_and_lifts_the_right_alerts_in_the_right_districts()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var browser = await Browser.Start();
        await using var city = await CityProcess.Start(cancel, "demo", "--speed", "3600", "--sensors", "1");
        // The day before its start is history, of which nobody is told; what began then may go on.
        var start = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(14);

        var warned = (await Until(city, alerts => alerts.Exists(alert => Text(alert, "level") == "warning"), cancel)).Find(alert => Text(alert, "level") == "warning");
        var page = await browser.Open(city.Address, "/alerts?data=simulated");
        var name = warned.GetProperty("subjectName").GetProperty("ko").GetString()!;
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(name);
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("경보");

        var lifted = (await Until(city, alerts => alerts.Exists(IsWholeAndOver), cancel)).Find(IsWholeAndOver);
        bool IsWholeAndOver(JsonElement alert) => IsOver(alert) && alert.GetProperty("beganAt").GetDateTimeOffset() > start;
        await page.GotoAsync(new Uri(city.Address, string.Create(CultureInfo.InvariantCulture, $"/alerts/{lifted.GetProperty("id").GetInt64()}")).ToString());
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("해제");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync("모의");

        var end = (await Story(city, lifted.GetProperty("id").GetInt64(), cancel))[^1].At;
        var measured = await Measured(city, start, end, cancel);
        Assert.Contains(measured, episode => episode.Contains("warning", StringComparison.Ordinal));
        var said = await Said(city, start, end, cancel);
        for (var began = TimeProvider.System.GetTimestamp(); said.Count < measured.Count && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30); said = await Said(city, start, end, cancel))
        {
            // Other districts of the same hour are told a moment later.
        }

        Assert.Equal(measured.Order(), said.Order());
        Assert.Empty(browser.Complaints);
    }

    /// <summary>What the city says: each alert that was lifted by then, as <c>district level@time …</c>; those that began after the start.</summary>
    private static async Task<List<string>> Said(CityProcess city, DateTimeOffset start, DateTimeOffset end, CancellationToken cancel)
    {
        var said = new List<string>();
        foreach (var alert in (await List(city, cancel)).Where(alert => Text(alert, "liftedAt") is not null))
        {
            var moves = await Story(city, alert.GetProperty("id").GetInt64(), cancel);
            if (moves[0].At > start && moves[^1].At <= end)
            {
                said.Add(Written(Text(alert, "subject")!, moves));
            }
        }

        return said;
    }

    /// <summary>What the stations measured makes of the law: two hours of 75 and it is an advisory, till below 35; two of 150 and it is a warning, till below 75.</summary>
    private static async Task<List<string>> Measured(CityProcess city, DateTimeOffset start, DateTimeOffset end, CancellationToken cancel)
    {
        var stations = await city.Client.GetFromJsonAsync<JsonElement>(
            "/sta/v1.1/Things?$filter=properties/kind eq 'air-station'&$top=100&$expand=Datastreams($filter=ObservedProperty/properties/measure eq 'pm25';$expand=Observations($orderby=phenomenonTime;$top=500;$select=phenomenonTime,result))", cancel);
        var episodes = new List<string>();
        foreach (var station in stations.GetProperty("value").EnumerateArray())
        {
            var (level, moves, at75, at150) = (0, new List<(string Level, DateTimeOffset At)>(), 0, 0);
            foreach (var hour in station.GetProperty("Datastreams")[0].GetProperty("Observations").EnumerateArray())
            {
                var at = DateTimeOffset.Parse(hour.GetProperty("phenomenonTime").GetString()!.Split('/')[^1], CultureInfo.InvariantCulture);
                var dust = Math.Round(hour.GetProperty("result").GetDouble(), MidpointRounding.AwayFromZero);
                (at75, at150) = (dust >= 75 ? at75 + 1 : 0, dust >= 150 ? at150 + 1 : 0);
                var next = at150 >= 2 ? 2 : level == 2 && dust >= 75 ? 2 : at75 >= 2 ? Math.Max(1, level) : level > 0 && dust >= 35 ? 1 : 0;
                while (level != next && at <= end)
                {
                    // Whatever the dust does, no level is skipped.
                    level += Math.Sign(next - level);
                    moves.Add((((string[])["lifted", "advisory", "warning"])[level], at));
                }

                if (level == 0 && moves.Count > 0)
                {
                    episodes.AddRange(moves[0].At > start ? [Written(station.GetProperty("properties").GetProperty("district").GetString()!, moves)] : []);
                    moves.Clear();
                }

                level = next;
            }
        }

        return episodes;
    }

    private static bool IsOver(JsonElement alert) => Text(alert, "topLevel") == "warning" && Text(alert, "liftedAt") is not null;

    private static string Written(string district, IEnumerable<(string Level, DateTimeOffset At)> moves) =>
        district + string.Concat(moves.Select(move => string.Create(CultureInfo.InvariantCulture, $" {move.Level}@{move.At:dd HH:mm}")));

    private static async Task<List<(string Level, DateTimeOffset At)>> Story(CityProcess city, long alert, CancellationToken cancel) =>
        [.. (await city.Client.GetFromJsonAsync<JsonElement>(string.Create(CultureInfo.InvariantCulture, $"/api/alerts/{alert}"), cancel)).GetProperty("entries").EnumerateArray()
            .Where(entry => Text(entry, "act") is "raised" or "upgraded" or "downgraded" or "lifted")
            .Select(entry => (Text(entry, "level") ?? "lifted", entry.GetProperty("moment").GetDateTimeOffset()))];

    private static async Task<List<JsonElement>> List(CityProcess city, CancellationToken cancel) =>
        [.. (await city.Client.GetFromJsonAsync<JsonElement>("/api/alerts?data=simulated&state=all&rule=pm25-simulated&top=200", cancel)).GetProperty("value").EnumerateArray()];

    private static async Task<List<JsonElement>> Until(CityProcess city, Predicate<List<JsonElement>> enough, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        while (true)
        {
            var alerts = await List(city, cancel);
            if (enough(alerts))
            {
                return alerts;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{alerts.Count} alerts, none of them as wanted");
            await tick.WaitForNextTickAsync(cancel);
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}

/// <summary>For what takes the whole machine: after all others, one after the other.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
