using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Air;

/// <summary>What people said of the air: official forecasts, decisions, and what is done. Rows are only added.</summary>
internal sealed class AirLedger(IDatabase database)
{
    /// <summary>So many decisions may be made of one day, and so many ticks.</summary>
    public const int MostSteps = 100, MostTicks = 2_000;

    /// <summary>So many forecasts may be kept for one day.</summary>
    public const int MostForecasts = 5_000;

    private const string Forecast = "SELECT day AS Day, measure AS Measure, place AS Place, value AS Value, grade AS Grade, source AS Source, issued_at AS IssuedAt, received_at AS ReceivedAt FROM air_forecasts";

    /// <summary>The last that came, the newest first.</summary>
    public async Task<IReadOnlyList<OfficialForecast>> ListLast(CityData data, int top, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return [.. (await read.Connection.QueryAsync<ForecastRow>($"{Forecast} WHERE simulated = @simulated ORDER BY received_at DESC, id DESC LIMIT @top", new { simulated = Bit(data), top }, read.Transaction)).Select(row => row.Told)];
    }

    /// <summary>Of each place, measure and day the one that was issued last, and not after a moment.</summary>
    public async Task<IReadOnlyList<OfficialForecast>> ListStanding(CityData data, DateOnly from, DateOnly to, DateTimeOffset issuedUntil, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<ForecastRow>(
            $"""
            {Forecast} WHERE id IN (SELECT n.id FROM (
                SELECT id, row_number() OVER (PARTITION BY day, measure, place ORDER BY issued_at DESC, id DESC) AS place_in_time FROM air_forecasts
                WHERE simulated = @simulated AND day >= @from AND day <= @to AND issued_at <= @until) n WHERE n.place_in_time = 1)
            ORDER BY id
            """,
            new { simulated = Bit(data), from = Text(from), to = Text(to), until = issuedUntil.ToMicros() },
            read.Transaction);
        return [.. rows.Select(row => row.Told)];
    }

    /// <summary>Keeps a forecast; false when the same was kept before.</summary>
    public static async Task<bool> Add(WriteScope scope, CityData data, OfficialForecast forecast, string who)
    {
        var row = new
        {
            simulated = Bit(data), day = Text(forecast.Day), measure = forecast.Measure, place = forecast.Place, value = forecast.Value, grade = (int)forecast.Grade, source = forecast.Source,
            issued = forecast.IssuedAt.ToMicros(), received = forecast.ReceivedAt.ToMicros(), who,
        };
        var kept = (await scope.Connection.QueryAsync<(string Measure, string Place, double? Value, int Grade, string Source, long Issued)>(
            "SELECT measure, place, value, grade, source, issued_at FROM air_forecasts WHERE simulated = @simulated AND day = @day", row, scope.Transaction)).ToList();
        if (kept.Contains((row.measure, row.place, row.value, row.grade, row.source, row.issued)))
        {
            return false;
        }

        if (kept.Count >= MostForecasts)
        {
            throw new CityRuleException("too-many-forecasts", FormattableString.Invariant($"{MostForecasts} forecasts are kept for this day; there is no room for more."));
        }

        await scope.Connection.ExecuteAsync(
            "INSERT INTO air_forecasts (simulated, day, measure, place, value, grade, source, issued_at, received_at, who) VALUES (@simulated, @day, @measure, @place, @value, @grade, @source, @issued, @received, @who)", row, scope.Transaction);
        return true;
    }

    /// <summary>What was decided on a day, and the last word on each measure that is done.</summary>
    public async Task<(IReadOnlyList<ReductionStep> Steps, IReadOnlyDictionary<string, (DateTimeOffset At, string? Who)> Done)> Read(CityData data, DateOnly day, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var about = new { simulated = Bit(data), day = Text(day), steps = MostSteps, ticks = MostTicks };
        var steps = await read.Connection.QueryAsync<StepRow>("SELECT act AS Act, at AS At, who AS Who, note AS Note FROM air_decisions WHERE simulated = @simulated AND day = @day ORDER BY id LIMIT @steps", about, read.Transaction);
        var ticks = await read.Connection.QueryAsync<TickRow>("SELECT item AS Item, is_done AS IsDone, at AS At, who AS Who FROM air_ticks WHERE simulated = @simulated AND day = @day ORDER BY id LIMIT @ticks", about, read.Transaction);
        var done = new Dictionary<string, (DateTimeOffset At, string? Who)>();
        foreach (var tick in ticks)
        {
            if (tick.IsDone == 1)
            {
                done[tick.Item] = (IsoTime.FromMicros(tick.At), tick.Who);
            }
            else
            {
                done.Remove(tick.Item);
            }
        }

        return ([.. steps.Select(step => new ReductionStep((ReductionAct)step.Act, IsoTime.FromMicros(step.At), step.Who, step.Note))], done);
    }

    /// <summary>The last act of a day, and how many there are; seen by who writes next.</summary>
    public static async Task<(ReductionAct? Act, long Count)> Last(WriteScope scope, CityData data, DateOnly day)
    {
        var acts = (await scope.Connection.QueryAsync<int>("SELECT act FROM air_decisions WHERE simulated = @simulated AND day = @day ORDER BY id", new { simulated = Bit(data), day = Text(day) }, scope.Transaction)).ToList();
        return (acts.Count == 0 ? null : (ReductionAct)acts[^1], acts.Count);
    }

    public static Task Add(WriteScope scope, CityData data, DateOnly day, ReductionAct act, string sheet, DateTimeOffset at, string who, string? note) => scope.Connection.ExecuteAsync(
        "INSERT INTO air_decisions (simulated, day, act, sheet, at, who, note) VALUES (@simulated, @day, @act, @sheet, @at, @who, @note)",
        new { simulated = Bit(data), day = Text(day), act = (int)act, sheet, at = at.ToMicros(), who, note }, scope.Transaction);

    public static async Task Tick(WriteScope scope, CityData data, DateOnly day, string item, bool done, DateTimeOffset at, string who)
    {
        var about = new { simulated = Bit(data), day = Text(day), item, done = done ? 1 : 0, at = at.ToMicros(), who };
        if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM air_ticks WHERE simulated = @simulated AND day = @day", about, scope.Transaction) >= MostTicks)
        {
            throw new CityRuleException("too-many-ticks", FormattableString.Invariant($"The list of this day was changed {MostTicks} times; it stays as it is."));
        }

        await scope.Connection.ExecuteAsync("INSERT INTO air_ticks (simulated, day, item, is_done, at, who) VALUES (@simulated, @day, @item, @done, @at, @who)", about, scope.Transaction);
    }

    /// <summary>A day as it stands in addresses and tables.</summary>
    public static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static int Bit(CityData data) => data == CityData.Simulated ? 1 : 0;

    private sealed record StepRow
    {
        public long Act { get; init; }

        public long At { get; init; }

        public string? Who { get; init; }

        public string? Note { get; init; }
    }

    private sealed record TickRow
    {
        public string Item { get; init; } = "";

        public long IsDone { get; init; }

        public long At { get; init; }

        public string? Who { get; init; }
    }

    private sealed record ForecastRow
    {
        public string Day { get; init; } = "";

        public string Measure { get; init; } = "";

        public string Place { get; init; } = "";

        public double? Value { get; init; }

        public long Grade { get; init; }

        public string Source { get; init; } = "";

        public long IssuedAt { get; init; }

        public long ReceivedAt { get; init; }

        public OfficialForecast Told => new(
            Place, Measure, DateOnly.ParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), Value, (AirGrade)Grade, Source, IsoTime.FromMicros(IssuedAt), IsoTime.FromMicros(ReceivedAt));
    }
}
