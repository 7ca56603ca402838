namespace Madang.Trust.Record.Review;

/// <summary>The rules of <see cref="RecordRules"/>, each a question to the entries of a month and of the three before.</summary>
internal sealed class Unusual(Month month, IReadOnlyList<ReviewRow> now, IReadOnlyList<ReviewRow> before)
{
    /// <summary>So many places of entries are told of each finding.</summary>
    private const int MostEntries = 20;

    private const int MostDetails = 10;

    public IReadOnlyList<RecordUnusual> Find() =>
        [.. ReadsAboveOwn(), .. ManyPersons(), .. UnusualHours(), .. NewAddress(), .. ManyRefusals(), .. Exports(), .. PermissionChanges()];

    private IEnumerable<RecordUnusual> ReadsAboveOwn()
    {
        var past = before.Where(row => row.IsPersonalRead).ToLookup(row => row.Who);
        var days = (month.From - month.Since).TotalDays;
        foreach (var person in Persons(row => row.IsPersonalRead))
        {
            var own = past[person.Key].GroupBy(row => DayOf(row)).Select(day => (double)day.Sum(row => row.Times)).ToList();
            // Days without a read count as well.
            var mean = own.Sum() / days;
            var deviation = Math.Sqrt(Math.Max(0, (own.Sum(reads => reads * reads) / days) - (mean * mean)));
            var limit = mean + (RecordRules.Deviations * deviation);
            foreach (var day in person.GroupBy(row => DayOf(row)).OrderBy(day => day.Key))
            {
                if (day.Sum(row => row.Times) is >= RecordRules.FewestReads and var reads && reads > limit)
                {
                    yield return Of(RecordRules.ReadsAboveOwn, person.Key, day, ("reads", reads), ("mean", mean), ("deviation", deviation), ("limit", limit)) with { Day = day.Key };
                }
            }
        }
    }

    /// <summary>A page of a list names many and tells little of each; what counts is whose data was opened.</summary>
    private IEnumerable<RecordUnusual> ManyPersons() =>
        from person in Persons(row => row.IsPersonalRead && row.Thing is not null && row.Action != "people.list")
        from day in person.GroupBy(row => DayOf(row)).OrderBy(day => day.Key)
        let persons = day.Select(row => row.Thing).Distinct().Count()
        where persons >= RecordRules.ManyPersonsADay
        select Of(RecordRules.ManyPersons, person.Key, day, ("persons", persons)) with { Day = day.Key };

    private IEnumerable<RecordUnusual> UnusualHours()
    {
        var habits = before.Where(row => IsGuarded(row) && IsOffHours(row)).Select(row => row.Who).ToHashSet();
        var active = before.Where(IsGuarded).ToLookup(row => row.Who);
        return Persons(row => IsGuarded(row) && IsOffHours(row)).Where(person => !habits.Contains(person.Key)).Select(person =>
            Of(RecordRules.UnusualHours, person.Key, person, ("times", person.Sum(row => row.Times)), ("before", active[person.Key].Sum(row => row.Times))) with { Details = Words(person, row => row.Action) });
    }

    private IEnumerable<RecordUnusual> NewAddress()
    {
        var changes = now.Where(row => row.IsPermission && !row.IsRefused).ToLookup(row => row.Who);
        foreach (var person in Persons(row => row is { IsLogin: true, IsRefused: false, Address: not null }))
        {
            var used = new HashSet<string>();
            foreach (var login in person.OrderBy(row => row.Moment))
            {
                // The first of a month is new only because the digests are.
                if (!used.Add(login.Address!) || used.Count == 1)
                {
                    continue;
                }

                var soon = changes[person.Key].Where(row => row.Moment >= login.Moment && row.Moment - login.Moment <= RecordRules.SoonAfter.Ticks / TimeSpan.TicksPerMicrosecond).ToList();
                if (soon.Count > 0)
                {
                    yield return Of(RecordRules.NewAddressThenPermission, person.Key, [login, .. soon], ("changes", soon.Count), ("minutes", Math.Floor((soon[0].Moment - login.Moment) / 60e6)))
                        with { Address = login.Address, Day = DayOf(login), Details = Words(soon, row => row.Action) };
                }
            }
        }
    }

    private IEnumerable<RecordUnusual> ManyRefusals()
    {
        var refused = now.Where(row => row.IsRefused).ToList();
        var known = from person in refused.Where(row => row.Who != RecordEntry.Anonymous).GroupBy(row => row.Who).OrderBy(person => person.Key, StringComparer.Ordinal)
                    from day in person.GroupBy(row => DayOf(row)).OrderBy(day => day.Key)
                    let times = day.Sum(row => row.Times)
                    where times >= RecordRules.ManyRefusalsADay
                    select Of(RecordRules.ManyRefusals, person.Key, day, ("times", times)) with { Day = day.Key, Details = Words(day, row => row.Thing ?? row.Action) };
        var unknown = from address in refused.Where(row => row is { Who: RecordEntry.Anonymous, Address: not null }).GroupBy(row => row.Address!).OrderBy(address => address.Key, StringComparer.Ordinal)
                      from day in address.GroupBy(row => DayOf(row)).OrderBy(day => day.Key)
                      let times = day.Sum(row => row.Times)
                      where times >= RecordRules.ManyRefusalsOfAddress
                      select Of(RecordRules.ManyRefusals, RecordEntry.Anonymous, day, ("times", times)) with { Day = day.Key, Address = address.Key, Details = Words(day, row => row.Thing ?? row.Action) };
        return known.Concat(unknown);
    }

    /// <summary>What everybody may take is counted and told by nobody's name; it needs no reason.</summary>
    private IEnumerable<RecordUnusual> Exports() => Persons(row => row.IsExport && row.Who != RecordEntry.Anonymous)
        .Select(person => Of(RecordRules.Exports, person.Key, person, ("times", person.Sum(row => row.Times))) with { Details = Words(person, row => row.Purpose ?? "") });

    private IEnumerable<RecordUnusual> PermissionChanges() => Persons(row => row.IsPermission)
        .Select(person => Of(RecordRules.PermissionChanges, person.Key, person, ("times", person.Sum(row => row.Times))) with { Details = Words(person, row => row.Action) });

    private IEnumerable<IGrouping<string, ReviewRow>> Persons(Func<ReviewRow, bool> which) => now.Where(which).GroupBy(row => row.Who).OrderBy(person => person.Key, StringComparer.Ordinal);

    /// <summary>What officials do to what is guarded; the city's own jobs have no hours.</summary>
    private static bool IsGuarded(ReviewRow row) => (row.IsPersonalRead || row.IsPermission || row.IsExport) && row.Who is not (RecordEntry.Anonymous or RecordEntry.Local);

    private bool IsOffHours(ReviewRow row) => month.Clock(row.Moment) is { Hour: >= RecordRules.NightFrom or < RecordRules.NightUntil } or { DayOfWeek: DayOfWeek.Saturday or DayOfWeek.Sunday };

    private DateOnly DayOf(ReviewRow row) => DateOnly.FromDateTime(month.Clock(row.Moment));

    private static List<string> Words(IEnumerable<ReviewRow> rows, Func<ReviewRow, string> word) =>
        [.. rows.GroupBy(word).OrderByDescending(same => same.Sum(row => row.Times)).ThenBy(same => same.Key, StringComparer.Ordinal).Take(MostDetails).Select(same => same.Key)];

    private static RecordUnusual Of(string rule, string who, IEnumerable<ReviewRow> rows, params ReadOnlySpan<(string Name, double Value)> figures)
    {
        var all = rows.OrderBy(row => row.Seq).ToList();
        var told = new List<RecordFigure>();
        foreach (var (name, value) in figures)
        {
            told.Add(new RecordFigure(name, Math.Round(value, 2)));
        }

        return new RecordUnusual(rule, who, told, all.Count, [.. all.Take(MostEntries).Select(row => row.Seq)]);
    }
}
