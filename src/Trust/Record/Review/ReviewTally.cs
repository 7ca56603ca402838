namespace Madang.Trust.Record.Review;

/// <summary>Counts the entries of a month as they come by, and keeps those that rules ask for.</summary>
internal sealed class ReviewTally(Month month)
{
    private readonly Dictionary<string, long> who = [], accounts = [], addresses = [];
    private readonly List<ReviewRow> now = [], before = [];
    private readonly long[] hours = new long[24];
    private readonly long from = Kernel.IsoTime.ToMicros(month.From);
    private int seen;

    /// <summary>How many more are counted.</summary>
    public int Left => Math.Max(0, ReviewTable.MostRows - seen);

    /// <summary>True when there were more.</summary>
    public bool IsCut { get; private set; }

    public long Refused { get; private set; }

    public long Actors => who.Count;

    public IReadOnlyList<long> ByHour => hours;

    /// <summary>What rules ask for: of the month itself.</summary>
    public IReadOnlyList<ReviewRow> Now => now;

    /// <summary>And of the three months before.</summary>
    public IReadOnlyList<ReviewRow> Before => before;

    public void Add(ReviewRow row)
    {
        if (Left == 0)
        {
            IsCut = true;
            return;
        }

        seen++;
        if (row.Moment < from)
        {
            before.Add(row);
            return;
        }

        Count(row);
        if (row.IsRefused || row.IsLogin || ReviewWords.IsSensitive(row.Action))
        {
            now.Add(row);
        }
    }

    public IReadOnlyList<RecordCount> ByWho(int most) => Most(who, most);

    public IReadOnlyList<RecordCount> FailedByAccount(int most) => Most(accounts, most);

    public IReadOnlyList<RecordCount> FailedByAddress(int most) => Most(addresses, most);

    private void Count(ReviewRow row)
    {
        var times = row.Times;
        Raise(who, row.Who, times);
        hours[month.Clock(row.Moment).Hour] += times;
        Refused += row.IsRefused ? times : 0;
        if (row is { IsLogin: true, Result: not RecordEntry.Done })
        {
            Raise(accounts, row.Thing ?? "", times);
            if (row.Address is { } address)
            {
                Raise(addresses, address, times);
            }
        }
    }

    private static void Raise(Dictionary<string, long> counts, string what, long times) => counts[what] = counts.GetValueOrDefault(what) + times;

    private static IReadOnlyList<RecordCount> Most(Dictionary<string, long> counts, int most) =>
        [.. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal).Take(most).Select(count => new RecordCount(count.Key, count.Value))];
}
