using System.Collections.Concurrent;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Trust.Access;

/// <summary>How often one key was used: what is left of its second and of its day, and when it was last seen.</summary>
internal sealed class KeyUse(string id, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double left = double.NaN;
    private long refilledAt, day, today, lastUsed;

    public string Id => id;

    /// <summary>The limits of the key as it stands now.</summary>
    public (int PerSecond, int Burst, int PerDay) Limits { get; set; }

    /// <summary>Takes one request; refuses with 429 what is too much, and tells what is left (draft-ietf-httpapi-ratelimit-headers).</summary>
    public void Take(HttpResponse? response)
    {
        var now = clock.GetUtcNow();
        var (perSecond, burst, perDay) = Limits;
        double remaining;
        lock (gate)
        {
            Turn(now);
            lastUsed = now.ToMicros();
            if (perDay > 0 && today >= perDay)
            {
                throw Trust.Limits.TooMany($"This key may be used {perDay} times a day.", now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime);
            }

            if (perSecond == 0)
            {
                today++;
                return;
            }

            left = double.IsNaN(left) ? burst : Math.Min(burst, left + ((now.UtcTicks - refilledAt) / (double)TimeSpan.TicksPerSecond * perSecond));
            refilledAt = now.UtcTicks;
            if (left < 1)
            {
                Tell(response, perSecond, burst, 0);
                throw Trust.Limits.TooMany($"This key may make {perSecond} requests a second.", TimeSpan.FromSeconds((1 - left) / perSecond));
            }

            left--;
            today++;
            remaining = left;
        }

        Tell(response, perSecond, burst, (long)remaining);
    }

    /// <summary>What has to be written down since the last time; null when it was not used.</summary>
    public (long LastUsed, long Day, long Today)? Note(ref long noted)
    {
        lock (gate)
        {
            if (lastUsed == noted)
            {
                return null;
            }

            noted = lastUsed;
            return (lastUsed, day, today);
        }
    }

    /// <summary>Goes on from what was written down before this start.</summary>
    public void Remember(long day, long today)
    {
        lock (gate)
        {
            (this.day, this.today) = (day, today);
        }
    }

    /// <summary>Not every door has headers to tell it in.</summary>
    private static void Tell(HttpResponse? response, int perSecond, int burst, long left)
    {
        if (response is not null)
        {
            Trust.Limits.Tell(response, Limit.Key, perSecond, burst, left);
        }
    }

    private void Turn(DateTimeOffset now)
    {
        var number = now.UtcTicks / TimeSpan.TicksPerDay;
        if (number != day)
        {
            (day, today) = (number, 0);
        }
    }
}

/// <summary>The use of every key, written down once a minute and when the server stops.</summary>
internal sealed partial class KeyUses(IDatabase database, TimeProvider clock, ILogger<KeyUses> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, KeyUse> uses = new();
    private readonly Dictionary<string, long> noted = [];

    public KeyUse Of(DeviceKey key, House house)
    {
        var use = uses.GetOrAdd(key.Id, id =>
        {
            var made = new KeyUse(id, clock);
            made.Remember(key.UsedOnDay, key.UsedThatDay);
            return made;
        });
        var (perSecond, burst) = Limits.OfKey(house, key);
        use.Limits = (perSecond, burst, key.PerDay);
        return use;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteDown(cancellationToken);
    }

    internal async Task WriteDown(CancellationToken cancel)
    {
        var changes = new List<object>();
        foreach (var (id, use) in uses)
        {
            var before = noted.GetValueOrDefault(id);
            if (use.Note(ref before) is { } note)
            {
                noted[id] = before;
                changes.Add(new { id, note.LastUsed, note.Day, note.Today });
            }
        }

        if (changes.Count > 0)
        {
            await database.Write(
                scope => scope.Connection.ExecuteAsync("UPDATE trust_keys SET last_used_at = @LastUsed, used_on_day = @Day, used_that_day = @Today WHERE id = @id", changes, scope.Transaction), cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, clock, stoppingToken);
                await WriteDown(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                NotWritten(log, exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "When keys were last used could not be written down; trying again in a minute.")]
    private static partial void NotWritten(ILogger log, Exception exception);
}
