using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>The times in which work is done on something, for those who act on alerts.</summary>
public sealed class MaintenanceDesk
{
    /// <summary>The most windows that are not over.</summary>
    public const int Most = 1_000;

    /// <summary>The most windows of one answer.</summary>
    public const int MostAtOnce = 500;

    /// <summary>The longest reason.</summary>
    public const int LongestReason = 500;

    private const int LongestDays = 366, MostListed = 1_000;

    private const string Image = "SELECT id, scope, from_at, until_at, ended_at FROM maintenance_windows WHERE id = @id";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal MaintenanceDesk(IDatabase database, Recorder recorder, TimeProvider clock) => (this.database, this.recorder, this.clock) = (database, recorder, clock);

    /// <summary>Windows, those made last first.</summary>
    /// <param name="isOver">True for those that are over, false for those that last or are planned, null for both.</param>
    /// <param name="before">Those with a smaller number than this.</param>
    /// <param name="top">How many.</param>
    /// <param name="cancel">Ends the query.</param>
    public async Task<IReadOnlyList<MaintenanceWindow>> List(bool? isOver, long? before, int top, CancellationToken cancel)
    {
        DutyRights.Demand();
        if (top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        await using var read = await database.Read(cancel);
        return await WindowRows.List(
            read, $"{(isOver switch { true => WindowRows.IsOver, false => $"NOT ({WindowRows.IsOver})", _ => "1 = 1" })} AND {(before is null ? "1 = 1" : "id < @before")} ORDER BY id DESC LIMIT @top",
            new { now = clock.GetUtcNow().ToMicros(), before, top });
    }

    /// <summary>Begins work, now or later. What lies before now is not taken back: it begins now at the earliest.</summary>
    /// <exception cref="InvalidInputException">Something of it makes no sense.</exception>
    public Task<MaintenanceWindow> Begin(MaintenanceScope scope, DateTimeOffset? from, DateTimeOffset until, string? reason, CancellationToken cancel)
    {
        DutyRights.Demand();
        Check(scope);
        var now = clock.GetUtcNow();
        var begin = from > now ? from.Value : now;
        if (until <= begin || until - begin > TimeSpan.FromDays(LongestDays))
        {
            throw new InvalidInputException("until", $"is a moment after 'from' and after now, at most {LongestDays} days later");
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason || reason.Any(char.IsControl))
        {
            throw new InvalidInputException("reason", $"is required: one line of at most {LongestReason} characters");
        }

        return database.Write(
            async change =>
            {
                if (await change.Connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM maintenance_windows WHERE NOT ({WindowRows.IsOver})", new { now = now.ToMicros() }, change.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-windows", $"At most {Most} maintenance windows last or are planned at once.");
                }

                var id = await change.Connection.ExecuteScalarAsync<long>(
                    "INSERT INTO maintenance_windows (scope, from_at, until_at, reason, made_by, made_at) VALUES (@scope, @from, @until, @reason, @by, @now) RETURNING id",
                    new { scope = JsonSerializer.Serialize(scope, RuleForm.Options), from = begin.ToMicros(), until = until.ToMicros(), reason = reason.Trim(), by = Caller.Current.Id, now = now.ToMicros() },
                    change.Transaction);
                await recorder.Record(change, Entry("maintenance.begin", id) with { After = await RowImage.Read(change, Image, new { id }) });
                return new MaintenanceWindow(id, scope, begin, until, reason.Trim(), Caller.Current.Id, now);
            },
            cancel);
    }

    /// <summary>Ends work before its time; what is only planned does not begin.</summary>
    /// <exception cref="CityRuleException">There is no such window (404), or it is over (409).</exception>
    public Task End(long id, CancellationToken cancel)
    {
        DutyRights.Demand();
        return database.Write(
            async change =>
            {
                var now = clock.GetUtcNow();
                var before = await RowImage.Read(change, Image, new { id });
                if (before is null)
                {
                    throw new CityRuleException("not-found", FormattableString.Invariant($"Maintenance window {id} is not here."), 404);
                }

                if (await change.Connection.ExecuteAsync($"UPDATE maintenance_windows SET ended_at = @now, ended_by = @by WHERE id = @id AND NOT ({WindowRows.IsOver})", new { id, now = now.ToMicros(), by = Caller.Current.Id }, change.Transaction) == 0)
                {
                    throw new CityRuleException("window-over", "The maintenance window is over already.");
                }

                await recorder.Record(change, Entry("maintenance.end", id) with { Before = before, After = await RowImage.Read(change, Image, new { id }) });
            },
            cancel);
    }

    private static void Check(MaintenanceScope scope)
    {
        var isNarrow = scope.Rules.Count + scope.Districts.Count + scope.Things.Count + scope.Datastreams.Count > 0;
        if (scope.All == isNarrow)
        {
            throw new InvalidInputException("scope", "names rules, districts, things or datastreams, or is { \"all\": true }");
        }

        if (scope.Rules.Count > MostListed || !scope.Rules.All(RuleCheck.IsWord))
        {
            throw new InvalidInputException("scope.rules", $"are at most {MostListed} ids of rules, such as pm25");
        }

        if (scope.Districts.Count > MostListed || !scope.Districts.All(RuleCheck.IsWord))
        {
            throw new InvalidInputException("scope.districts", $"are at most {MostListed} codes of districts, such as 11110");
        }

        if (scope.Things.Count > MostListed || scope.Datastreams.Count > MostListed)
        {
            throw new InvalidInputException(scope.Things.Count > MostListed ? "scope.things" : "scope.datastreams", $"are at most {MostListed} ids");
        }
    }

    private static RecordEntry Entry(string action, long id) => Caller.Current.Entry(action, Act.Write, Kinds.Alert) with { Kind = "maintenance", Thing = id.ToString(CultureInfo.InvariantCulture) };
}
