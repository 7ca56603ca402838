using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Trust;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Cap;

/// <summary>
/// Looks at the feeds of other agencies, and hands what is new in them in by the same door as everybody: what is the same changes nothing, what is
/// wrong is refused and on record. A feed that fails is asked more and more rarely.
/// </summary>
internal sealed partial class FeedPuller : IDisposable
{
    private const int MostSeen = 2_000, MostDoublings = 5, MostFailures = 3;

    /// <summary>So long one turn at a feed may take; what it did not come to is for the next.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly Meter Meter = new("Madang.Operations");
    private static readonly Counter<long> Taken = Meter.CreateCounter<long>("madang.operations.capfeeds.taken", "{warning}", "New warnings taken from feeds of other agencies.");
    private static readonly Counter<long> Failed = Meter.CreateCounter<long>("madang.operations.capfeeds.failed", "{attempt}", "Attempts to read a feed or a message of it that failed.");

    private readonly OutwardCalls calls;
    private readonly CapDesk desk;
    private readonly CityAtWork city;
    private readonly TimeProvider clock;
    private readonly ILogger<FeedPuller> log;
    private readonly TimeSpan pause;
    private readonly SemaphoreSlim turn = new(1);
    private readonly IReadOnlyList<Feed> feeds;

    public FeedPuller(OutwardCalls calls, CapDesk desk, CityAtWork city, IOptions<OperationsOptions> options, TimeProvider clock, ILogger<FeedPuller> log)
    {
        (this.calls, this.desk, this.city, this.clock, this.log) = (calls, desk, city, clock, log);
        (pause, feeds) = (TimeSpan.FromSeconds(options.Value.CapFeedSeconds), [.. options.Value.CapFeeds.Select(feed => new Feed(feed.Url, feed.Provider))]);
    }

    /// <summary>How it goes with each feed.</summary>
    public IReadOnlyList<CapFeedState> States => [.. feeds.Select(feed => feed.State)];

    public void Dispose() => turn.Dispose();

    /// <summary>Looks at the feeds whose time it is.</summary>
    public async Task Turn(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            // One that is slow holds up no other.
            var now = clock.GetUtcNow();
            await Task.WhenAll(feeds.Where(feed => feed.NextAt <= now).Select(feed => Look(feed, cancel)));
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task Look(Feed feed, CancellationToken cancel)
    {
        var problem = await Try(feed, cancel);
        var now = clock.GetUtcNow();
        var failures = problem is null ? 0 : feed.State.Failures + 1;
        feed.State = feed.State with { TriedAt = now, HeardAt = problem is null ? now : feed.State.HeardAt, Failures = failures, Problem = problem };
        feed.NextAt = now + (pause * Math.Pow(2, Math.Min(failures, MostDoublings)));
        if (problem is not null)
        {
            Failed.Add(1);
            NotRead(log, feed.State.Url, problem, failures);
        }
    }

    /// <summary>Reads a feed and what is new in it; answers what is wrong, null for nothing.</summary>
    private async Task<string?> Try(Feed feed, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(Patience);
        var cancel = end.Token;
        try
        {
            if (city.FindProvider(feed.State.Provider) is not { } provider)
            {
                return $"there is no provider '{feed.State.Provider}'";
            }

            var answer = await calls.Get(feed.State.Url, feed.Mark, CapReader.MostBytes, cancel);
            if (answer.Body is not { } body)
            {
                return answer.IsUnchanged ? null : answer.Words;
            }

            var wrong = FeedReader.Read(body, new Uri(feed.State.Url), feed.Seen) is { } entries ? await TakeAll(feed, entries, provider, cancel) : await TakeOne(feed, body, provider, cancel);
            // What could not be fetched is fetched the next time, though the feed stays the same.
            feed.Mark = wrong is null && !feed.HasMore ? answer.Mark : null;
            return wrong;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            feed.Mark = null;
            return failure is OperationCanceledException ? "took too long" : failure is InvalidInputException invalid ? $"{invalid.Field} {invalid.Reason}" : failure.GetType().Name;
        }
    }

    /// <summary>What is new, the oldest first, as the feed has the newest above; one that fails holds up no other.</summary>
    private async Task<string?> TakeAll(Feed feed, IReadOnlyList<FeedEntry> entries, long provider, CancellationToken cancel)
    {
        string? problem = null;
        var failures = 0;
        feed.HasMore = entries.Count == FeedReader.MostEntries;
        foreach (var entry in entries.Reverse())
        {
            Fetched answer;
            try
            {
                answer = calls.IsInside && entry.Address.Authority != new Uri(feed.State.Url).Authority
                    ? throw new InvalidInputException("link", "leads to another host, which a city that calls inside its own network does not follow")
                    : await calls.Get(entry.Address.AbsoluteUri, null, CapReader.MostBytes, cancel);
            }
            catch (InvalidInputException)
            {
                // A link that leads nowhere that may be called will not be better the next time.
                Failed.Add(1);
                feed.Remember(entry.Name, MostSeen);
                continue;
            }

            if (answer.Words is "404" or "410")
            {
                // Agencies take away what is over.
                feed.Remember(entry.Name, MostSeen);
            }
            else if (answer.Body is not { } body)
            {
                problem = answer.Words;
                if (++failures == MostFailures)
                {
                    break;
                }
            }
            else if (await Take(body, provider, cancel))
            {
                feed.Remember(entry.Name, MostSeen);
            }
        }

        return problem;
    }

    /// <summary>A feed that is a message itself is handed in when it changed.</summary>
    private async Task<string?> TakeOne(Feed feed, byte[] body, long provider, CancellationToken cancel)
    {
        var name = Convert.ToHexString(SHA256.HashData(body));
        if (!feed.Seen.Contains(name) && await Take(body, provider, cancel))
        {
            feed.Remember(name, MostSeen);
        }

        return null;
    }

    /// <summary>Hands a message in; true when it need not be handed in again. One that is refused (over already, not CAP) will not be better the next time, and why stands on record; one that says it was sent in a moment to come will.</summary>
    private async Task<bool> Take(byte[] body, long provider, CancellationToken cancel)
    {
        try
        {
            if (await city.Do(Act.Write, Kinds.Warning, "cap-feed", () => desk.Take(body, cancel), provider) is { IsNew: true })
            {
                Taken.Add(1);
            }

            return true;
        }
        catch (Exception refused) when (refused is InvalidInputException or CityRuleException)
        {
            Failed.Add(1);
            return refused is not InvalidInputException { Field: "alert.sent" };
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The CAP feed {Url} could not be read ({Problem}), {Failures} times by now; it is tried again more rarely.")]
    private static partial void NotRead(ILogger log, string url, string problem, int failures);

    private sealed class Feed(string url, string provider)
    {
        private readonly Queue<string> order = new();

        public CapFeedState State { get; set; } = new(url, provider, null, null, 0, null);

        public DateTimeOffset NextAt { get; set; } = DateTimeOffset.MinValue;

        /// <summary>What the feed gave to ask whether it changed.</summary>
        public FetchMark? Mark { get; set; }

        /// <summary>True when it had more new entries than a turn looks at.</summary>
        public bool HasMore { get; set; }

        /// <summary>The entries that were handed in, the last ones.</summary>
        public HashSet<string> Seen { get; } = [];

        public void Remember(string name, int most)
        {
            if (Seen.Add(name))
            {
                order.Enqueue(name);
            }

            while (order.Count > most)
            {
                Seen.Remove(order.Dequeue());
            }
        }
    }
}
