using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Accounts.Secrets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>Takes away what has ended: sessions, tickets, attempts of yesterday, and accounts whose address nobody confirmed.</summary>
internal sealed partial class Sweeper(IDatabase database, TimeProvider clock, IOptions<AccountsOptions> options, ILogger<Sweeper> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>How long an account waits for its address to be confirmed.</summary>
    public static readonly TimeSpan Unconfirmed = TimeSpan.FromDays(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(Pause, clock);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception exception) when (exception is UnavailableException or System.Data.Common.DbException)
            {
                Failed(log, exception);
            }
        }
    }

    internal Task Sweep(CancellationToken cancel) => database.Write(
        async scope =>
        {
            var now = clock.GetUtcNow();
            var row = new
            {
                now = now.ToMicros(), idle = (now - TimeSpan.FromMinutes(options.Value.IdleMinutes)).ToMicros(), forgotten = (now - Attempts.Forgotten).ToMicros(), unconfirmed = (now - Unconfirmed).ToMicros(), no = false,
            };
            foreach (var sql in (string[])[
                "DELETE FROM trust_session WHERE ends <= @now OR seen <= @idle",
                "DELETE FROM trust_ticket WHERE ends <= @now",
                "DELETE FROM trust_attempt WHERE last < @forgotten AND until < @now",
                "UPDATE trust_grants SET to_time = @now, ended_by = 'sweeper' WHERE (to_time IS NULL OR to_time > @now) AND person IN (SELECT id FROM trust_person WHERE made < @unconfirmed AND email IS NOT NULL AND email_confirmed = @no AND starting_role IS NULL)",
                "DELETE FROM trust_person WHERE made < @unconfirmed AND email IS NOT NULL AND email_confirmed = @no AND starting_role IS NULL"])
            {
                await scope.Connection.ExecuteAsync(sql, row, scope.Transaction);
            }
        },
        cancel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sessions and links that ended could not be taken away; tried again in ten minutes.")]
    private static partial void Failed(ILogger log, Exception cause);
}
