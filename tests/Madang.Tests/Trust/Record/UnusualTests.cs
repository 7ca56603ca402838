using Madang.Kernel;
using Madang.Trust;
using Madang.Trust.Record.Review;

namespace Madang.Tests.Trust.Record;

/// <summary>Each rule of the monthly review: what it finds, and just what it does not find any more.</summary>
public sealed class UnusualTests
{
    private static readonly TimeZoneInfo Seoul = new ReviewClock().Zone;

    private static readonly Month June = Month.Parse("2026-06", Seoul);

    private int places;

    [Theory]
    [InlineData(20, 0, true)]
    [InlineData(19, 0, false)]
    // 92 days with four reads each: a mean of 4, no deviation.
    [InlineData(20, 4, true)]
    [InlineData(21, 21, false)]
    public void Far_more_reads_than_ones_own_days_are_told(int reads, int usual, bool isTold)
    {
        var found = Find(Reads("kim", Tuesday(9, 10), reads), Days(92).SelectMany(day => Reads("kim", new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero).AddDays(day), usual)));
        Assert.Equal(isTold, found.Any(one => one.Rule == RecordRules.ReadsAboveOwn));
        if (isTold)
        {
            var one = found.First(one => one.Rule == RecordRules.ReadsAboveOwn);
            Assert.Equal(("kim", new DateOnly(2026, 6, 9), reads, 20), (one.Who, one.Day, one.Count, one.Entries.Count));
            Assert.Equal([new("reads", reads), new("mean", usual), new("deviation", 0), new("limit", usual)], one.Figures);
        }
    }

    [Fact]
    public void A_person_whose_days_differ_is_given_room()
    {
        // Every tenth day forty reads: a mean of 4.35 and a deviation of 12.5; the limit is about 41.7.
        var past = Days(92).Where(day => day % 10 == 0).SelectMany(day => Reads("kim", new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero).AddDays(day), 40)).ToList();
        Assert.DoesNotContain(Find(Reads("kim", Tuesday(9, 10), 41), past), one => one.Rule == RecordRules.ReadsAboveOwn);
        Assert.Contains(Find(Reads("kim", Tuesday(9, 10), 43), past), one => one.Rule == RecordRules.ReadsAboveOwn);
    }

    [Fact]
    public void Ones_own_data_are_ones_own_affair() =>
        Assert.Empty(Find(Enumerable.Range(0, 50).Select(_ => Row("person.read", "kim", Tuesday(9, 10), thing: "kim")), []));

    [Theory]
    [InlineData(30, true)]
    [InlineData(29, false)]
    public void The_data_of_many_people_in_a_day_are_told(int people, bool isTold) =>
        Assert.Equal(isTold, Find(Enumerable.Range(0, people).SelectMany(person => Reads("kim", Tuesday(9, 10), 2, $"citizen-{person}")), Days(92).SelectMany(day => Reads("kim", new DateTimeOffset(2026, 3, 1, 1, 0, 0, TimeSpan.Zero).AddDays(day), 90)))
            .Any(one => one.Rule == RecordRules.ManyPersons && one.Figures.Single() == new RecordFigure("persons", people)));

    [Theory]
    [InlineData("2026-06-09T13:00:00Z", true)] // Tuesday, 22:00 in Seoul
    [InlineData("2026-06-09T12:59:59Z", false)]
    [InlineData("2026-06-09T20:59:59Z", true)] // 05:59 on Wednesday
    [InlineData("2026-06-09T21:00:00Z", false)]
    [InlineData("2026-06-12T15:00:00Z", true)] // Saturday begins
    [InlineData("2026-06-14T15:00:00Z", true)] // Monday, and night
    [InlineData("2026-06-14T22:00:00Z", false)]
    public void Nights_and_weekends_are_those_of_the_city(string at, bool isTold)
    {
        var moment = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(isTold, Find([Row("role.give", "kim", moment)], []).Any(one => one.Rule == RecordRules.UnusualHours));
        // Who works at such times is not told again and again.
        Assert.DoesNotContain(Find([Row("role.give", "kim", moment)], [Row("key.make", "kim", new DateTimeOffset(2026, 4, 4, 3, 0, 0, TimeSpan.Zero))]), one => one.Rule == RecordRules.UnusualHours);
        // The city's own jobs have no hours.
        Assert.DoesNotContain(Find([Row("role.give", "local", moment)], []), one => one.Rule == RecordRules.UnusualHours);
    }

    [Fact]
    public void Every_export_and_every_permission_is_told_with_its_purpose_or_action()
    {
        var found = Find([Row("export", "kim", Tuesday(9, 10), purpose: "감사"), Row("export", "kim", Tuesday(9, 11), purpose: "감사"), Row("export", "anonymous", Tuesday(9, 10)), Row("role.give", "lee", Tuesday(9, 10)), Row("role.end", "lee", Tuesday(9, 10))], []);
        Assert.Equal(
            ["exports kim 2 감사", "permission-changes lee 2 role.end+role.give"],
            found.Select(one => $"{one.Rule} {one.Who} {one.Figures[0].Value} {string.Join('+', one.Details)}"));
    }

    [Fact]
    public void Refusals_are_counted_with_what_each_entry_stands_for()
    {
        var known = Row("refusal", "kim", Tuesday(9, 10), result: "refused, 19 more within the minute");
        Assert.DoesNotContain(Find([known], []), one => one.Rule == RecordRules.ManyRefusals);
        var found = Find([known, Row("refusal", "kim", Tuesday(9, 11), result: "refused")], []).Single();
        Assert.Equal((RecordRules.ManyRefusals, "kim", 20d), (found.Rule, found.Who, found.Figures[0].Value));

        var stranger = Find([Row("login.password", "anonymous", Tuesday(9, 10), address: "digest", result: "refused, 100 more within the minute")], []).Single();
        Assert.Equal(("anonymous", "digest", 100d), (stranger.Who, stranger.Address, stranger.Figures[0].Value));
    }

    [Theory]
    [InlineData("home", 23, true)]
    [InlineData("home", 25, false)]
    [InlineData("office", 1, false)]
    public void A_permission_changed_soon_after_a_login_from_a_new_address_is_told(string from, int hours, bool isTold)
    {
        var found = Find(
            [Row("login.password", "kim", Tuesday(2, 10), address: "office"), Row("login.password", "kim", Tuesday(9, 10), address: from), Row("role.give", "kim", Tuesday(9, 10).AddHours(hours)), Row("role.give", "lee", Tuesday(9, 11))], []);
        var told = found.Where(one => one.Rule == RecordRules.NewAddressThenPermission).ToList();
        Assert.Equal(isTold, told.Count == 1);
        Assert.All(told, one => Assert.Equal((from, $"changes 1, minutes {hours * 60}"), (one.Address, string.Join(", ", one.Figures.Select(figure => $"{figure.Name} {figure.Value}")))));
    }

    [Fact]
    public void The_first_login_of_a_month_is_not_new() =>
        Assert.DoesNotContain(Find([Row("login.password", "kim", Tuesday(9, 10), address: "office"), Row("role.give", "kim", Tuesday(9, 11))], []), one => one.Rule == RecordRules.NewAddressThenPermission);

    [Fact]
    public void The_same_entries_in_another_order_give_the_same_findings()
    {
        List<ReviewRow> rows = [.. Reads("kim", Tuesday(9, 23), 40), .. Reads("lee", Tuesday(10, 10), 40), Row("export", "kim", Tuesday(9, 10), purpose: "감사")];
        var one = System.Text.Json.JsonSerializer.Serialize(Find(rows, []));
        rows.Reverse();
        Assert.Equal(one, System.Text.Json.JsonSerializer.Serialize(Find(rows, [])));
    }

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-6")]
    [InlineData("0000-00")]
    [InlineData("")]
    public void A_month_is_written_one_way(string text) => Assert.Equal("month", Assert.Throws<InvalidInputException>(() => Month.Parse(text, Seoul)).Field);

    [Fact]
    public void A_month_begins_at_midnight_in_the_city()
    {
        Assert.Equal(("2026-05-31T15:00:00.000Z", "2026-06-30T15:00:00.000Z", "2026-02-28T15:00:00.000Z"), (IsoTime.Write(June.From), IsoTime.Write(June.Until), IsoTime.Write(June.Since)));
        Assert.Equal(("2026-07", "2025-12"), (Month.At(June.Until, Seoul).ToString(), Month.Parse("2026-01", Seoul).Last.ToString()));
    }

    private static IReadOnlyList<RecordUnusual> Find(IEnumerable<ReviewRow> now, IEnumerable<ReviewRow> before) => new Unusual(June, [.. now], [.. before]).Find();

    private static IEnumerable<int> Days(int count) => Enumerable.Range(0, count);

    /// <summary>A day of June at an hour of Seoul.</summary>
    private static DateTimeOffset Tuesday(int day, int hour) => new(2026, 6, day, hour, 0, 0, TimeSpan.FromHours(9));

    private IEnumerable<ReviewRow> Reads(string who, DateTimeOffset at, int count, string thing = "citizen") => [.. Enumerable.Range(0, count).Select(_ => Row("person.read", who, at, thing: thing))];

    private ReviewRow Row(string action, string who, DateTimeOffset at, string? thing = null, string? address = null, string? purpose = null, string result = "done") =>
        new() { Seq = places++, Moment = at.ToMicros(), Action = action, Who = who, Kind = action.StartsWith("person", StringComparison.Ordinal) ? "person" : null, Thing = thing, Address = address, Purpose = purpose, Result = result };
}
