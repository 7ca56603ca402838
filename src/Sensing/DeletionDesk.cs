using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Deletions;
using Madang.Sensing.Entities;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>Previews, starts, lists and stops deletions of Observations by a query. A deletion belongs to whoever may write all that it may touch.</summary>
public sealed class DeletionDesk
{
    /// <summary>The most deletions of one answer, and the most that may wait to be started or run.</summary>
    public const int MostListed = 200, MostWaiting = 100;

    /// <summary>How long a preview may be started.</summary>
    public static readonly TimeSpan PreviewHolds = TimeSpan.FromHours(1);

    private readonly IDatabase database;
    private readonly Rows rows;
    private readonly Recorder recorder;
    private readonly DeletionWorker worker;
    private readonly SensingOptions options;
    private readonly TimeProvider clock;

    internal DeletionDesk(IDatabase database, Rows rows, Recorder recorder, DeletionWorker worker, SensingOptions options, TimeProvider clock) =>
        (this.database, this.rows, this.recorder, this.worker, this.options, this.clock) = (database, rows, recorder, worker, options, clock);

    /// <summary>Looks what a deletion would delete, and keeps it to be started within <see cref="PreviewHolds"/>. Nothing is deleted.</summary>
    /// <exception cref="InvalidInputException">The query cannot be used.</exception>
    /// <exception cref="CityRuleException">There is no such Datastream (404), it is somebody else's (403), or too many deletions wait (409).</exception>
    public async Task<DeletionPreview> Preview(string? query, CancellationToken cancel)
    {
        var asked = DeletionQuery.Read(query, options.MaxExpandDepth);
        var job = await database.Write(scope => Make(scope, query!, asked), cancel);
        try
        {
            var shown = await new DeletionPreviewer(database, options).Preview(job, asked, cancel);
            await database.Write(
                scope => scope.Connection.ExecuteAsync(
                    "UPDATE deletions SET expected = @Expected, is_estimate = @estimate WHERE id = @Id", new { shown.Deletion.Expected, estimate = shown.Deletion.IsEstimate ? 1 : 0, job.Id }, scope.Transaction),
                cancel);
            return shown;
        }
        catch
        {
            await database.Write(scope => scope.Connection.ExecuteAsync("DELETE FROM deletions WHERE id = @Id", new { job.Id }, scope.Transaction), CancellationToken.None);
            throw;
        }
    }

    /// <summary>The deletions that are the caller's, the last first, at most <see cref="MostListed"/>.</summary>
    public async Task<IReadOnlyList<Deletion>> List(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var all = await read.Connection.QueryAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions ORDER BY id DESC LIMIT {MostListed * 5}", null, read.Transaction);
        return [.. all.Where(job => job.Rights.AreHis).Take(MostListed).Select(job => job.Deletion)];
    }

    /// <summary>One deletion.</summary>
    /// <exception cref="CityRuleException">There is no such deletion (404).</exception>
    public async Task<Deletion> Get(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return His(id, await read.Connection.QuerySingleOrDefaultAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions WHERE id = @id", new { id }, read.Transaction)).Deletion;
    }

    /// <summary>Starts a deletion that was previewed. It runs by itself from then on, also after a restart of the server.</summary>
    /// <exception cref="CityRuleException">There is no such deletion (404), its preview is too old, or it was started before (409).</exception>
    public async Task<Deletion> Start(long id, CancellationToken cancel)
    {
        var started = await Change("deletion.start", id, async (scope, job, now) =>
        {
            if (job.Stage != DeletionState.Previewed)
            {
                throw new CityRuleException("deletion-started", string.Create(CultureInfo.InvariantCulture, $"Deletion {id} was started before."));
            }

            if (now - IsoTime.FromMicros(job.AskedAt) > PreviewHolds)
            {
                throw new CityRuleException("preview-too-old", "This preview is more than an hour old. Make a new one, and look at it.");
            }

            await scope.Connection.ExecuteAsync("UPDATE deletions SET state = 2, started_at = @now WHERE id = @id", new { id, now = now.ToMicros() }, scope.Transaction);
        }, cancel);
        worker.Wake();
        return started!;
    }

    /// <summary>Stops a deletion that runs, within moments: what is gone stays so. One that was not started is forgotten.</summary>
    /// <exception cref="CityRuleException">There is no such deletion (404), or it has ended (409).</exception>
    public async Task Stop(long id, CancellationToken cancel)
    {
        await Change("deletion.stop", id, (scope, job, _) => job.Stage switch
        {
            DeletionState.Previewed => scope.Connection.ExecuteAsync("DELETE FROM deletions WHERE id = @id", new { id }, scope.Transaction),
            DeletionState.Running or DeletionState.Stopping => scope.Connection.ExecuteAsync("UPDATE deletions SET state = 3 WHERE id = @id", new { id }, scope.Transaction),
            _ => throw new CityRuleException("deletion-ended", string.Create(CultureInfo.InvariantCulture, $"Deletion {id} has ended.")),
        }, cancel);
        worker.Wake();
    }

    private async Task<DeletionJob> Make(WriteScope scope, string query, DeletionQuery asked)
    {
        if (asked.Stream is { } stream && !await rows.IsTheirs(scope, stream, asked.Datastream!.Value))
        {
            throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"{stream.Type} {asked.Datastream} is not here."), 404);
        }

        var now = clock.GetUtcNow();
        await DeletionWorker.ForgetOld(scope, now);
        if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM deletions WHERE state IN (1, 2, 3)", null, scope.Transaction) >= MostWaiting)
        {
            throw new CityRuleException("too-many-deletions", $"At most {MostWaiting} deletions may wait. Stop those that nobody wants.");
        }

        var rights = await DeletionRights.Find(scope);
        var job = new DeletionJob { Query = query, State = (long)DeletionState.Previewed, Mine = rights.MineText, Hidden = rights.HiddenText, AskedAt = now.ToMicros() };

        // What is wrong with a filter is said before anything is kept.
        job.Condition(new SqlText(scope.Engine), asked);
        job = job with
        {
            LastId = await scope.Connection.ExecuteScalarAsync<long>(scope.Engine == Engine.Sqlite ? "SELECT next - 1 FROM observation_ids" : "SELECT coalesce(max(id), 0) FROM observations", null, scope.Transaction),
        };
        job = job with
        {
            Id = await scope.Connection.ExecuteScalarAsync<long>(
                "INSERT INTO deletions (query, state, mine, hidden, asked_at, last_id) VALUES (@Query, @State, @Mine, @Hidden, @AskedAt, @LastId) RETURNING id", job, scope.Transaction),
        };
        await recorder.Record(scope, Entry("deletion.preview", job));
        return job;
    }

    private async Task<Deletion?> Change(string action, long id, Func<WriteScope, DeletionJob, DateTimeOffset, Task> change, CancellationToken cancel) => await database.Write(
        async scope =>
        {
            var held = scope.Engine == Engine.Postgres ? " FOR UPDATE" : "";
            var job = His(id, await scope.Connection.QuerySingleOrDefaultAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions WHERE id = @id{held}", new { id }, scope.Transaction));
            await change(scope, job, clock.GetUtcNow());
            await recorder.Record(scope, Entry(action, job));
            return (await scope.Connection.QuerySingleOrDefaultAsync<DeletionJob>($"SELECT {DeletionJob.Columns} FROM deletions WHERE id = @id", new { id }, scope.Transaction))?.Deletion;
        },
        cancel);

    private static DeletionJob His(long id, DeletionJob? job) =>
        job?.Rights.AreHis == true ? job : throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Deletion {id} is not here."), 404);

    private static RecordEntry Entry(string action, DeletionJob job) =>
        Caller.Current.Entry(action, Act.Write, Kinds.Thing, Caller.Current.Provider) with { Kind = "deletion", Thing = string.Create(CultureInfo.InvariantCulture, $"{job.Id}: {job.Query}") };
}
