using Dapper;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Messages;

/// <summary>
/// Sends what is due, a few messages at a time. A message is claimed before it is sent, so that two nodes do not send the same;
/// when a node dies over it, it is due again two minutes later, and may then come twice. Neither addresses nor texts are logged.
/// </summary>
internal sealed partial class MessageSender(IDatabase database, MessageCall call, TimeProvider clock, ILogger<MessageSender> log) : BackgroundService
{
    private const int AtOnce = 8, PerTurn = 100, LongestOutcome = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Claim = TimeSpan.FromMinutes(2);

    /// <summary>Pauses before a message is tried again; after the last it has failed.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60)];

    /// <summary>Sends what is due now; answers how many messages were tried.</summary>
    public async Task<int> SendDue(CancellationToken cancel)
    {
        List<DueMessage> due;
        await using (var read = await database.Read(cancel))
        {
            due = (await read.Connection.QueryAsync<DueMessage>(
                """
                SELECT id AS Id, kind AS Kind, recipient AS Recipient, channel AS Channel, facts AS Facts, urgent AS Urgent, attempts AS Attempts, next_at AS NextAt, made_at AS MadeAt
                FROM messages WHERE state = 1 AND next_at <= @now ORDER BY next_at, id LIMIT @most
                """,
                new { now = clock.GetUtcNow().ToMicros(), most = PerTurn }, read.Transaction)).AsList();
        }

        var tried = 0;
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (message, token) =>
        {
            try
            {
                await Send(message, token);
                Interlocked.Increment(ref tried);
            }
            catch (Exception exception) when (!token.IsCancellationRequested)
            {
                SendFailed(log, message.Id, exception);
            }
        });
        return tried;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await SendDue(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The city stops.
            }
            catch (Exception exception)
            {
                TurnFailed(log, exception);
            }
        }
    }

    private async Task Send(DueMessage message, CancellationToken cancel)
    {
        var whereto = await call.Find((MessageKind)message.Kind, message.Recipient, cancel);
        var now = clock.GetUtcNow();
        if (message.Urgent == 0 && whereto is not null && call.QuietUntil(whereto, now) is { } morning)
        {
            await database.Write(scope => Move(scope, "next_at = @next, outcome = 'quiet-hours'", new { message.Id, message.NextAt, next = morning.ToMicros() }), cancel);
            return;
        }

        if (!await Hold(message, now, cancel))
        {
            return;
        }

        var outcome = await Call(message, whereto, cancel);
        await database.Write(scope => Note(scope, message, outcome), cancel);
    }

    /// <summary>What cannot even be tried counts as a try, so that it ends, and is seen.</summary>
    private async Task<CallOutcome> Call(DueMessage message, Whereto? whereto, CancellationToken cancel)
    {
        try
        {
            return await call.Send(message, whereto, cancel);
        }
        catch (Exception exception) when (!cancel.IsCancellationRequested)
        {
            SendFailed(log, message.Id, exception);
            return new(false, exception.GetType().Name);
        }
    }

    /// <summary>Claims a message, so that nobody else sends it meanwhile; false when somebody else has, and for one that time has overtaken.</summary>
    private Task<bool> Hold(DueMessage message, DateTimeOffset now, CancellationToken cancel) => database.Write(
        async scope => await MessageBox.Supersede(scope, "id = @id", message.Id) == 0 && await Move(scope, "next_at = @next, attempts = attempts + 1", new { message.Id, message.NextAt, next = (now + Claim).ToMicros() }), cancel);

    /// <summary>Changes a message that is due as it was read; false when somebody else did.</summary>
    private static async Task<bool> Move(WriteScope scope, string change, object row) =>
        await scope.Connection.ExecuteAsync($"UPDATE messages SET {change} WHERE id = @Id AND state = 1 AND next_at = @NextAt", row, scope.Transaction) == 1;

    private async Task Note(WriteScope scope, DueMessage message, CallOutcome outcome)
    {
        var (now, attempts) = (clock.GetUtcNow(), (int)message.Attempts + 1);
        // To nobody, or by a way that is not there, it is of no use to try again.
        var isOver = attempts > Pauses.Length || outcome.Words is MessageCall.NoAddress or MessageCall.NoRole or SmsDoor.NoDoor;
        var state = outcome.IsTaken ? MessageState.Sent : isOver ? MessageState.Failed : MessageState.Waiting;
        await scope.Connection.ExecuteAsync(
            // What was overtaken while it was tried is sent if it was taken, and tried no more if it was not.
            "UPDATE messages SET state = @state, outcome = @outcome, sent_at = @sent, next_at = @next WHERE id = @Id AND (state = 1 OR @taken = 1)",
            new
            {
                message.Id, state = (int)state, taken = outcome.IsTaken ? 1 : 0, outcome = outcome.Words.Length <= LongestOutcome ? outcome.Words : outcome.Words[..LongestOutcome], sent = outcome.IsTaken ? now.ToMicros() : (long?)null,
                next = (state == MessageState.Waiting ? now + Pauses[attempts - 1] : now).ToMicros(),
            },
            scope.Transaction);
        if (state == MessageState.Failed)
        {
            NotTaken(log, message.Id, attempts);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Messages could not be sent; trying again soon.")]
    private static partial void TurnFailed(ILogger log, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {Message} could not be sent; it is tried again.")]
    private static partial void SendFailed(ILogger log, long message, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Message} was not taken in {Attempts} attempts and is not tried any more.")]
    private static partial void NotTaken(ILogger log, long message, int attempts);
}
