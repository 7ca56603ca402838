using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Record.Review;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>
/// The monthly look through the record that the law asks for (개인정보의 안전성 확보조치 기준, article 8 (2)): what was done,
/// what was unusual, and who looked. Reading it is recorded too.
/// </summary>
public sealed class RecordReviews
{
    private const int MostActors = 50, MostFailed = 20, MostPending = 36, LongestNote = 2000;

    private readonly IDatabase database;
    private readonly ReviewTable table;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;
    private readonly TimeZoneInfo zone;

    internal RecordReviews(IDatabase database, ReviewTable table, Recorder recorder, TimeProvider clock, IOptions<ReviewClock> hours) =>
        (this.database, this.table, this.recorder, this.clock, zone) = (database, table, recorder, clock, hours.Value.Zone);

    /// <summary>A month, such as <c>2026-10</c>; null for the last one that is over.</summary>
    public async Task<RecordReview> Read(string? month, CancellationToken cancel)
    {
        Rules.Demand(Act.Read, Kinds.Record, null);
        var asked = Find(month);
        await recorder.Record(Entry("record.read", Act.Read, asked));
        return await Look(asked, cancel);
    }

    /// <summary>Keeps that the caller looked through a month that is over, and what he says of it. Each month is signed off once.</summary>
    public async Task<RecordReviewed> Sign(string? month, string? note, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Kinds.Record, null);
        var asked = Find(month ?? throw new InvalidInputException("month", "is required, as in 2026-10"));
        var text = (note ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
        if (text.Length is 0 or > LongestNote || text.Any(letter => char.IsControl(letter) && letter != '\n'))
        {
            throw new InvalidInputException("note", $"is required: 1 to {LongestNote} characters on what was looked at and what came of it");
        }

        if (asked.Until > clock.GetUtcNow())
        {
            throw new CityRuleException("month-not-over", $"{asked} is not over yet.");
        }

        var seen = await Look(asked, cancel);
        if (seen.Entries == 0)
        {
            throw new CityRuleException("month-empty", $"Nothing is recorded of {asked}.");
        }

        var done = new RecordReviewed(asked.ToString(), Caller.Current.Id, clock.GetUtcNow(), text, seen.Entries, seen.Refused, seen.Unusual.Count);
        await database.Write(
            async scope =>
            {
                if (!await ReviewTable.Keep(scope, done))
                {
                    throw new CityRuleException("already-reviewed", $"{asked} was signed off already.");
                }

                await recorder.Record(scope, Entry("record.review", Act.Manage, asked) with { After = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(done) });
            },
            cancel);
        return done;
    }

    private Month Find(string? month)
    {
        var asked = month is null ? Month.At(clock.GetUtcNow(), zone).Last : Month.Parse(month, zone);
        return asked.From <= clock.GetUtcNow() ? asked : throw new InvalidInputException("month", "has not begun yet");
    }

    private static RecordEntry Entry(string action, Act act, Month month) => Caller.Current.Entry(action, act, Kinds.Record) with { Kind = "review", Thing = month.ToString() };

    private async Task<RecordReview> Look(Month month, CancellationToken cancel)
    {
        var actions = await table.Actions(cancel);
        var counts = await table.Count(actions, month, cancel);
        var tally = new ReviewTally(month);
        foreach (var action in actions.Where(action => !ReviewWords.IsIngest(action)))
        {
            await foreach (var row in table.Rows(action, ReviewWords.IsSensitive(action) ? month.Since : month.From, month.Until, tally.Left + 1, cancel))
            {
                tally.Add(row);
            }
        }

        var silent = await Silent(month, cancel);
        var reviewed = await table.Reviewed(cancel);
        return await Name(
            new RecordReview(month.ToString(), month.From, month.Until, month.Until <= clock.GetUtcNow())
            {
                Entries = counts.Sum(count => count.Count), Refused = tally.Refused, ByAction = [.. counts.OrderByDescending(count => count.Count).ThenBy(count => count.What, StringComparer.Ordinal)],
                Actors = tally.Actors, ByWho = tally.ByWho(MostActors), ByHour = tally.ByHour, FailedByAccount = tally.FailedByAccount(MostFailed), FailedByAddress = tally.FailedByAddress(MostFailed),
                Unusual = [.. new Unusual(month, tally.Now, tally.Before).Find(), .. silent], IsCut = tally.IsCut,
                Reviewed = reviewed.GetValueOrDefault(month.ToString()), Pending = await Pending(reviewed, cancel),
            },
            cancel);
    }

    private async Task<IReadOnlyList<RecordUnusual>> Silent(Month month, CancellationToken cancel)
    {
        var silent = await table.FindSilent(month, cancel);
        var names = await table.Names(silent.Select(one => one.Who), cancel);
        return
        [
            .. silent.Where(one => names.Of(one.Who).Subject?.StartsWith("key:", StringComparison.Ordinal) == true).Select(one =>
                new RecordUnusual(RecordRules.KeyAfterSilence, one.Who, [new("days", Math.Floor((one.Used - one.Past) / 86_400e6))], 1, [one.Seq]) { Day = DateOnly.FromDateTime(month.Clock(one.Used)) }),
        ];
    }

    /// <summary>Months that are over, have entries, and were not signed off.</summary>
    private async Task<IReadOnlyList<string>> Pending(Dictionary<string, RecordReviewed> reviewed, CancellationToken cancel)
    {
        var pending = new List<string>();
        if (await table.FindFirst(cancel) is { } first)
        {
            for (var month = Month.At(first, zone); month.Until <= clock.GetUtcNow(); month = month.Next)
            {
                if (!reviewed.ContainsKey(month.ToString()))
                {
                    pending.Add(month.ToString());
                }
            }
        }

        return pending.Count > MostPending ? pending[^MostPending..] : pending;
    }

    /// <summary>Says whose digests they are: whoever looks must be able to ask them.</summary>
    private async Task<RecordReview> Name(RecordReview review, CancellationToken cancel)
    {
        var names = await table.Names(review.ByWho.Concat(review.FailedByAccount).Select(count => count.What).Concat(review.Unusual.Select(one => one.Who)), cancel);
        return review with
        {
            ByWho = [.. review.ByWho.Select(Named)], FailedByAccount = [.. review.FailedByAccount.Select(Named)],
            Unusual = [.. review.Unusual.Select(one => one with { Subject = names.Of(one.Who).Subject, Name = names.Of(one.Who).Name })],
        };
        RecordCount Named(RecordCount count) => count with { Subject = names.Of(count.What).Subject, Name = names.Of(count.What).Name };
    }
}
