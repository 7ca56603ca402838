using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Sensing.Webhooks;

/// <summary>
/// Sends what waits, in order for each webhook and a few webhooks at a time. What is not taken (any answer but 2xx) is tried
/// again after longer and longer pauses; after the last the webhook is switched off, and what waits for it is kept.
/// </summary>
internal sealed partial class WebhookSender : BackgroundService
{
    private const int AtOnce = 8, PerTurn = 50;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    /// <summary>Pauses before a message is tried again: about nine hours in all, long enough for a receiver's own night.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(6)];

    private readonly IDatabase database;
    private readonly TimeProvider clock;
    private readonly ILogger<WebhookSender> log;
    private readonly OutwardCalls calls;
    private readonly SemaphoreSlim bell = new(0, 1);

    public WebhookSender(IDatabase database, OutwardCalls calls, TimeProvider clock, ILogger<WebhookSender> log) => (this.database, this.calls, this.clock, this.log) = (database, calls, clock, log);

    /// <summary>Something waits to be sent.</summary>
    public void Wake()
    {
        try
        {
            bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Sends what may be sent now; answers how many messages were tried.</summary>
    public async Task<int> SendWaiting(CancellationToken cancel)
    {
        List<(long Id, string Url, string Secret)> due;
        await using (var read = await database.Read(cancel))
        {
            due =
            [
                .. await read.Connection.QueryAsync<(long, string, string)>(
                    $"""
                    SELECT w.id, w.url, w.secret FROM webhooks w WHERE w.state = {(int)WebhookState.On}
                    AND (SELECT d.next_at FROM webhook_deliveries d WHERE d.webhook_id = w.id ORDER BY d.id LIMIT 1) <= @now ORDER BY w.id
                    """,
                    new { now = clock.GetUtcNow().ToMicros() },
                    read.Transaction),
            ];
        }

        var tried = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (webhook, token) => Interlocked.Add(ref tried, await Send(webhook, token)));
        return tried;
    }

    public override void Dispose()
    {
        bell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SendWaiting(stoppingToken) == 0)
                {
                    await bell.WaitAsync(Look, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failed(log, exception);
                await Task.Delay(Look, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> Send((long Id, string Url, string Secret) webhook, CancellationToken cancel)
    {
        List<(long Id, string Body, long Attempts)> waiting;
        await using (var read = await database.Read(cancel))
        {
            waiting = [.. await read.Connection.QueryAsync<(long, string, long)>($"SELECT id, body, attempts FROM webhook_deliveries WHERE webhook_id = @Id ORDER BY id LIMIT {PerTurn}", new { webhook.Id }, read.Transaction)];
        }

        var tried = 0;
        foreach (var (id, body, attempts) in waiting)
        {
            var outcome = await calls.Tell(webhook.Url, webhook.Secret, string.Create(CultureInfo.InvariantCulture, $"msg_{id}"), body, cancel);
            tried++;
            await database.Write(scope => Note(scope, webhook.Id, id, (int)attempts, outcome.IsTaken, outcome.Words), cancel);
            if (!outcome.IsTaken)
            {
                // Order is kept: what comes after waits too.
                break;
            }
        }

        return tried;
    }

    private async Task Note(WriteScope scope, long webhook, long delivery, int attempts, bool taken, string outcome)
    {
        var now = clock.GetUtcNow();
        await scope.Connection.ExecuteAsync(
            "UPDATE webhooks SET last_at = @now, last_outcome = @outcome, delivered = delivered + @one WHERE id = @webhook", new { webhook, now = now.ToMicros(), outcome, one = taken ? 1 : 0 }, scope.Transaction);
        if (taken)
        {
            await scope.Connection.ExecuteAsync("DELETE FROM webhook_deliveries WHERE id = @delivery", new { delivery }, scope.Transaction);
            return;
        }

        var pause = attempts < Pauses.Length ? Pauses[attempts] : TimeSpan.Zero;
        await scope.Connection.ExecuteAsync("UPDATE webhook_deliveries SET attempts = attempts + 1, next_at = @next WHERE id = @delivery", new { delivery, next = (now + pause).ToMicros() }, scope.Transaction);
        if (attempts >= Pauses.Length)
        {
            await scope.Connection.ExecuteAsync($"UPDATE webhooks SET state = {(int)WebhookState.Failing} WHERE id = @webhook AND state = {(int)WebhookState.On}", new { webhook }, scope.Transaction);
            SwitchedOff(log, webhook, attempts + 1);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhooks could not be sent; they are tried again.")]
    private static partial void Failed(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook {Webhook} took no message in {Attempts} attempts and is switched off; what waits for it is kept.")]
    private static partial void SwitchedOff(ILogger log, long webhook, int attempts);
}
