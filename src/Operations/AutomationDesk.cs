using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Automations;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>What came of automations: their runs, what a run would do, and taking one back.</summary>
public sealed class AutomationDesk
{
    /// <summary>The most runs of one answer.</summary>
    public const int MostAtOnce = 200;

    private readonly IDatabase database;
    private readonly AutomationRunner runner;
    private readonly Undoing undoing;

    internal AutomationDesk(IDatabase database, AutomationRunner runner, Undoing undoing) => (this.database, this.runner, this.undoing) = (database, runner, undoing);

    /// <summary>The runs of an automation, the newest first.</summary>
    public async Task<IReadOnlyList<AutomationRun>> ListRuns(string automation, long? before, int top, CancellationToken cancel)
    {
        AutomationBook.Demand(Act.Read);
        if (top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        await using var read = await database.Read(cancel);
        return await RunRow.List(read, automation, before, top);
    }

    /// <summary>The last run of each automation that ever ran.</summary>
    public async Task<IReadOnlyList<AutomationRun>> ListLast(CancellationToken cancel)
    {
        AutomationBook.Demand(Act.Read);
        await using var read = await database.Read(cancel);
        return await RunRow.ListLast(read);
    }

    /// <summary>Says what an automation would do now, in the whole city, and does nothing; of what waits for review, where something does.</summary>
    /// <exception cref="CityRuleException">There is no such automation (404).</exception>
    public async Task<AutomationRun> Try(string id, CancellationToken cancel)
    {
        AutomationBook.Demand(Act.Write);
        KnownAutomation known;
        await using (var read = await database.Read(cancel))
        {
            known = (await AutomationRow.Known(read, id)).SingleOrDefault() ?? throw Missing($"There is no automation '{id}'.");
        }

        var occasion = new Occasion("try:" + Guid.NewGuid().ToString("N")[..16], Occasion.City) { IsTrial = true };
        var run = await runner.Run((known.Proposed ?? known.InForce)!, occasion, cancel) ?? throw new CityRuleException("too-often", "It was tried very often. Try it again in an hour.");
        await using var again = await database.Read(cancel);
        return (await RunRow.Find(again, id, run))!;
    }

    /// <summary>Takes back what a run did, as far as that can be.</summary>
    /// <exception cref="CityRuleException">There is no such run (404), or nothing of it that can be taken back (409).</exception>
    public Task Undo(string id, long run, CancellationToken cancel)
    {
        AutomationBook.Demand(Act.Write);
        return undoing.Undo(id, run, cancel);
    }

    /// <summary>A report that an automation made; null when there is none of this number.</summary>
    public async Task<CityReport?> FindReport(long id, CancellationToken cancel)
    {
        AutomationBook.Demand(Act.Read);
        await using var read = await database.Read(cancel);
        var row = await read.Connection.QuerySingleOrDefaultAsync<(long Id, string Automation, long Simulated, string Ko, string En, string Body, long At)?>(
            "SELECT p.id, r.automation_id, p.simulated, p.title_ko, p.title_en, p.body, p.made_at FROM city_reports p JOIN automation_runs r ON r.id = p.run_id WHERE p.id = @id", new { id }, read.Transaction);
        return row is not { } found ? null : new CityReport(
            found.Id, found.Automation, found.Simulated == 1 ? CityData.Simulated : CityData.Real, IsoTime.FromMicros(found.At), new(found.Ko, found.En), JsonSerializer.Deserialize<IReadOnlyList<CityReportPart>>(found.Body, RuleForm.Options)!);
    }

    internal static CityRuleException Missing(FormattableString words) => new("not-found", words.ToString(CultureInfo.InvariantCulture), 404);
}
