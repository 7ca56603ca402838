using System.Data.Common;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Privacy;

/// <summary>
/// Destroys what is over, by the rules that the declarations name, and leaves a record of it (Personal Information Protection
/// Act, art. 21). Once an hour, in batches, on one node at a time.
/// </summary>
internal sealed partial class Shredder(IDatabase database, PersonalInventory inventory, Recorder recorder, TimeProvider clock, ILogger<Shredder> log) : BackgroundService
{
    /// <summary>Rows in one transaction, so that a long absence does not hold up whoever writes.</summary>
    public const int MostAtOnce = 1_000;

    /// <summary>"destroy" as a number: the advisory lock of PostgreSQL.</summary>
    private const long NodeLock = 0x64657374726f79;

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromHours(1);

    /// <summary>Does what every rule asks for, and answers how much was destroyed.</summary>
    public async Task<long> Run(CancellationToken cancel)
    {
        var all = 0L;
        foreach (var rule in inventory.Rules)
        {
            int batch;
            do
            {
                batch = await database.Write(scope => Batch(scope, rule), cancel);
                all += batch;
            }
            while (batch == MostAtOnce);
        }

        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = First;
        while (true)
        {
            await Task.Delay(pause, clock, stoppingToken);
            pause = Pause;
            try
            {
                await Run(stoppingToken);
            }
            catch (Exception exception) when (exception is UnavailableException or DbException or IOException or UnauthorizedAccessException)
            {
                Failed(log, exception);
            }
        }
    }

    private async Task<int> Batch(WriteScope scope, PersonalRule rule)
    {
        if (scope.Engine == Engine.Postgres && !await scope.Connection.ExecuteScalarAsync<bool>("SELECT pg_try_advisory_xact_lock(@NodeLock)", new { NodeLock }, scope.Transaction))
        {
            return 0;
        }

        var now = clock.GetUtcNow();
        var count = await rule.Destroy(new RuleRun(scope, now, MostAtOnce));
        if (count > 0)
        {
            await DestructionRows.Note(scope, rule.Code, rule.Place, PrivacyWords.Categories(inventory.Columns.Where(column => column.Retention.Rules.Contains(rule))), count, now);
            await recorder.Record(scope, new RecordEntry("personal.destroy")
            {
                Who = RecordEntry.Local, Purpose = rule.Period.Korean, Kind = "personal-data", Thing = rule.Code, After = JsonSerializer.SerializeToUtf8Bytes(new { rule = rule.Code, count, until = IsoTime.Write(now) }),
            });
        }

        return count;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Personal data whose time is over could not be destroyed; tried again in an hour.")]
    private static partial void Failed(ILogger log, Exception cause);
}
