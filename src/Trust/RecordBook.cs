using System.Runtime.CompilerServices;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Record.Book;

namespace Madang.Trust;

/// <summary>What is asked of the record. Every member narrows; null leaves it open.</summary>
public sealed record RecordQuery
{
    /// <summary>Who did it: <c>person:…</c>, <c>key:…</c>, <c>local</c>, <c>anonymous</c>, the name or address by which a person signs in, or a digest.</summary>
    public string? Who { get; init; }

    /// <summary>What it was done to: its id; <c>person:…</c> or <c>key:…</c> for people and keys.</summary>
    public string? Thing { get; init; }

    /// <summary>The kind of thing.</summary>
    public string? Kind { get; init; }

    /// <summary>The beginning of the action: <c>login</c>, <c>things.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The beginning of actions that are left out.</summary>
    public string? Without { get; init; }

    /// <summary>Part of the purpose.</summary>
    public string? Purpose { get; init; }

    /// <summary>The beginning of what became of it: <c>done</c>, <c>refused</c>.</summary>
    public string? Result { get; init; }

    /// <summary>The one entry at this place of the log; when it happened does not matter then.</summary>
    public long? Entry { get; init; }

    /// <summary>Not before this; 30 days before <see cref="Until"/> when nothing is said.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this; now when nothing is said.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Entries before this one, as <see cref="RecordPage.Next"/> says.</summary>
    public string? Before { get; init; }
}

/// <summary>An entry as it is read.</summary>
/// <param name="Seq">Its place in the log.</param>
/// <param name="At">When.</param>
/// <param name="Action">What was done.</param>
/// <param name="Who">Who did it: a digest, <c>anonymous</c> or <c>local</c>.</param>
/// <param name="Subject">Whose digest that is; null when nobody knows (any more).</param>
/// <param name="Name">What that person or key is called; null when it is not known.</param>
/// <param name="Role">In which role.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Kind">The kind of thing.</param>
/// <param name="Thing">Which thing; of a person or key, its digest.</param>
/// <param name="ThingSubject">Whose digest that is.</param>
/// <param name="ThingName">What it is called.</param>
/// <param name="Before">The keyed digest of what stood there before; null when nothing did, or it was not digested.</param>
/// <param name="After">The same of what stands there since.</param>
/// <param name="From">The digest of the address.</param>
/// <param name="Trace">The trace.</param>
/// <param name="Result">What became of it.</param>
public sealed record RecordedEntry(
    long Seq, DateTimeOffset At, string Action, string Who, string? Subject, string? Name, string? Role, string? Purpose, string? Kind, string? Thing, string? ThingSubject, string? ThingName,
    string? Before, string? After, string? From, string? Trace, string Result);

/// <summary>Entries, the newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">What leads to those before them, as <see cref="RecordQuery.Before"/>; null at the end.</param>
public sealed record RecordPage(IReadOnlyList<RecordedEntry> Entries, string? Next);

/// <summary>Reads the record for those who may, and for everybody what it says about himself. That it is read is recorded.</summary>
public sealed class RecordBook
{
    /// <summary>The most entries of a page.</summary>
    public const int MostOnPage = 200;

    /// <summary>The most entries that one export takes out; more is asked for by shorter times.</summary>
    public const int MostInExport = 1_000_000;

    private const int ExportStep = 2_000;

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal RecordBook(IDatabase database, Recorder recorder, TimeProvider clock) => (this.database, this.recorder, this.clock) = (database, recorder, clock);

    /// <summary>Entries that fit, the newest first. Only for who may read the record.</summary>
    public async Task<RecordPage> Search(RecordQuery query, int most, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        Rules.Demand(Act.Read, Kinds.Record, null);
        if (most is < 1 or > MostOnPage)
        {
            throw new InvalidInputException("limit", $"is 1 to {MostOnPage}");
        }

        var search = await RecordSearch.Of(database, query, clock.GetUtcNow(), cancel);
        await recorder.Record(search.Describe(Caller.Current.Entry("record.read", Act.Read, Kinds.Record)));
        return await Page(search, most, cancel);
    }

    /// <summary>
    /// Everything that fits as it stands in the log, for an auditor, the newest first: the place of each entry and its leaf,
    /// which can be verified against the log. At most <see cref="MostInExport"/>.
    /// </summary>
    public async Task<IAsyncEnumerable<(long Seq, byte[] Leaf)>> Export(RecordQuery query, CancellationToken cancel)
    {
        Rules.Demand(Act.Export, Kinds.Record, null);
        var search = await RecordSearch.Of(database, query, clock.GetUtcNow(), cancel);
        await recorder.Record(search.Describe(Caller.Current.Entry("record.export", Act.Export, Kinds.Record)));
        return Leaves(search, cancel);
    }

    /// <summary>What was done with a person's own data and account, in which role and what for, the newest first. For that person alone.</summary>
    /// <param name="person">The person's id.</param>
    /// <param name="before">Entries before this one; null for the newest.</param>
    /// <param name="most">The most entries.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<RecordPage> About(string person, string? before, int most, CancellationToken cancel)
    {
        if (Caller.Current.Id != $"person:{person}")
        {
            throw Rules.Forbidden();
        }

        if (most is < 1 or > MostOnPage)
        {
            throw new InvalidInputException("limit", $"is 1 to {MostOnPage}");
        }

        var search = await RecordSearch.Of(database, new RecordQuery { Thing = $"person:{person}", Kind = "person", From = DateTimeOffset.UnixEpoch, Before = before }, clock.GetUtcNow(), cancel);
        var page = await Page(search, most, cancel);
        // Who it was is told by the role; the name of an official is another person's datum.
        return page with { Entries = [.. page.Entries.Select(entry => entry with { Name = null, Subject = entry.Who == entry.Thing ? entry.Subject : null, ThingName = null, From = null, Trace = null })] };
    }

    private async Task<RecordPage> Page(RecordSearch search, int most, CancellationToken cancel)
    {
        if (search.IsNobody)
        {
            return new RecordPage([], null);
        }

        await using var read = await database.Read(cancel);
        var rows = await search.Rows(read, most + 1, withLeaf: true);
        var shown = rows.Take(most).ToList();
        var names = await RecordNames.Find(read, database.Engine, shown);
        return new RecordPage([.. shown.Select(names.Tell)], rows.Count > most ? RecordSearch.Place(shown[^1]) : null);
    }

    private async IAsyncEnumerable<(long Seq, byte[] Leaf)> Leaves(RecordSearch search, [EnumeratorCancellation] CancellationToken cancel)
    {
        var left = search.IsNobody ? 0 : MostInExport;
        while (left > 0)
        {
            List<RecordRow> rows;
            await using (var read = await database.Read(cancel))
            {
                rows = await search.Rows(read, Math.Min(ExportStep, left), withLeaf: true);
            }

            foreach (var row in rows)
            {
                yield return (row.Seq, row.Leaf!);
            }

            if (rows.Count < ExportStep)
            {
                yield break;
            }

            left -= rows.Count;
            search = search.After(rows[^1]);
        }
    }
}
