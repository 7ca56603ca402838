using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Record.Book;

/// <summary>A row of the record as it is read.</summary>
internal sealed class RecordRow
{
    public long Seq { get; init; }

    public long Moment { get; init; }

    public required string Action { get; init; }

    public required string Who { get; init; }

    public string? Role { get; init; }

    public string? Purpose { get; init; }

    public string? Kind { get; init; }

    public string? Thing { get; init; }

    public string? Address { get; init; }

    public string? Trace { get; init; }

    public required string Result { get; init; }

    public byte[]? Leaf { get; init; }
}

/// <summary>A question to the record as SQL: people and keys by their digests, texts by their beginnings, always within two moments.</summary>
internal sealed partial class RecordSearch
{
    private const int LongestText = 200;

    private static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    private readonly List<string> conditions = ["moment >= @from", "moment < @until"];
    private readonly DynamicParameters parameters = new();
    private readonly RecordQuery query;
    private readonly string? person;

    private RecordSearch(RecordQuery query, string? person, bool isNobody) => (this.query, this.person, IsNobody) = (query, person, isNobody);

    /// <summary>True when it asks for somebody whom the record does not know.</summary>
    public bool IsNobody { get; }

    public static async Task<RecordSearch> Of(IDatabase database, RecordQuery query, DateTimeOffset now, CancellationToken cancel)
    {
        var until = query.Until ?? now.AddSeconds(1);
        var from = query.From ?? (until - DateTimeOffset.UnixEpoch > Usual ? until - Usual : DateTimeOffset.UnixEpoch);
        if (from >= until)
        {
            throw new InvalidInputException("from", "lies after until");
        }

        var (who, doer) = await Digest(database, "who", query.Who, cancel);
        var (thing, about) = await Digest(database, "thing", query.Thing, cancel);
        var search = new RecordSearch(query, about ?? doer, (query.Who is not null && who is null) || (query.Thing is not null && thing is null));
        search.parameters.Add("from", query.Entry is null ? from.ToMicros() : long.MinValue);
        search.parameters.Add("until", query.Entry is null ? until.ToMicros() : long.MaxValue);
        search.At(query.Entry);
        search.Equal("who", who);
        search.Equal("kind", query.Kind);
        search.Equal("thing", thing);
        search.Begins("action", query.Action);
        search.Begins("result", query.Result);
        search.Like("action", query.Without, "", "without");
        search.Like("purpose", query.Purpose, "%");
        if (query.Before is { } place)
        {
            var (moment, seq) = ReadPlace(place);
            search.Continue(moment, seq);
        }

        return search;
    }

    /// <summary>What leads to the entries before this one.</summary>
    public static string Place(RecordRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Moment}-{row.Seq}");

    /// <summary>The same question for what comes after a row.</summary>
    public RecordSearch After(RecordRow row)
    {
        var rest = new RecordSearch(query, person, IsNobody);
        rest.conditions.Clear();
        rest.conditions.AddRange(conditions.Where(condition => condition != Continued));
        rest.parameters.AddDynamicParams(parameters);
        rest.Continue(row.Moment, row.Seq);
        return rest;
    }

    /// <summary>The newest rows that fit.</summary>
    public async Task<List<RecordRow>> Rows(ReadScope read, int most, bool withLeaf = false)
    {
        var columns = $"seq AS Seq, moment AS Moment, action AS Action, who AS Who, role AS Role, purpose AS Purpose, kind AS Kind, thing AS Thing, address AS Address, trace AS Trace, result AS Result{(withLeaf ? ", leaf AS Leaf" : "")}";
        var command = new CommandDefinition(
            string.Create(CultureInfo.InvariantCulture, $"SELECT {columns} FROM trust_record WHERE {string.Join(" AND ", conditions)} ORDER BY moment DESC, seq DESC LIMIT {most}"), parameters, read.Transaction, cancellationToken: read.Cancel);
        return [.. await read.Connection.QueryAsync<RecordRow>(command)];
    }

    /// <summary>
    /// The entry that tells of the question: about whom it is, or by what was asked. What was typed is told where it is a number
    /// or a kind that the house knows; other words may hold a name, and the record keeps none.
    /// </summary>
    public RecordEntry Describe(RecordEntry entry) =>
        person is not null ? entry with { Kind = "person", Thing = person, IsPersonal = true }
        : string.Join(' ', Asked()) is { Length: > 0 } words ? entry with { Thing = words } : entry;

    private IEnumerable<string> Asked()
    {
        foreach (var (name, value) in new[] { ("who", query.Who), ("kind", query.Kind), ("thing", query.Thing), ("action", query.Action), ("without", query.Without), ("purpose", query.Purpose), ("result", query.Result), ("entry", query.Entry?.ToString(CultureInfo.InvariantCulture)) })
        {
            // The page leaves stored Observations out unless it is asked for them; nobody typed that.
            if (value is not null && (name, value) != ("without", "observations."))
            {
                yield return Number().IsMatch(value) || Told.Contains(value) ? $"{name}={value}" : name;
            }
        }
    }

    private static readonly FrozenSet<string> Told = FrozenSet.Create(
        StringComparer.Ordinal,
        Kinds.Thing, Kinds.Place, Kinds.Department, Kinds.Provider, Kinds.Limit, Kinds.Record, "person", "key", "file", RecordEntry.Anonymous, RecordEntry.Local, RecordEntry.Done, RecordEntry.Refused);

    private const string Continued = "(moment < @atMoment OR (moment = @atMoment AND seq < @atSeq))";

    private void Continue(long moment, long seq)
    {
        conditions.Add(Continued);
        parameters.Add("atMoment", moment);
        parameters.Add("atSeq", seq);
    }

    private void At(long? entry)
    {
        if (entry is { } seq)
        {
            conditions.Add("seq = @entry");
            parameters.Add("entry", seq);
        }
    }

    private void Equal(string column, string? value)
    {
        if (value is not null)
        {
            conditions.Add($"{column} = @{column}");
            parameters.Add(column, Short(column, value));
        }
    }

    private void Begins(string column, string? value) => Like(column, value, "");

    private void Like(string column, string? value, string before, string? without = null)
    {
        if (value is not null)
        {
            var name = without ?? column;
            conditions.Add($"{column} {(without is null ? "" : "NOT ")}LIKE @{name} ESCAPE '!'");
            parameters.Add(name, before + Short(name, value).Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal) + "%");
        }
    }

    private static string Short(string field, string value) => value.Length <= LongestText && !value.Contains('\0', StringComparison.Ordinal) ? value : throw new InvalidInputException(field, $"has up to {LongestText} characters");

    /// <summary>How somebody or something stands in the record, and who it is when it is a person or key; neither when nobody is known so.</summary>
    private static async Task<(string? Stored, string? Subject)> Digest(IDatabase database, string field, string? asked, CancellationToken cancel)
    {
        if (asked is null or RecordEntry.Anonymous or RecordEntry.Local)
        {
            return (asked, null);
        }

        Short(field, asked);
        await using var read = await database.Read(cancel);
        var subject = Subject().IsMatch(asked) ? asked : field == "who" ? await Known(read, asked) : null;
        if (subject is null)
        {
            return (field == "thing" || DigestForm().IsMatch(asked) ? asked : null, null);
        }

        var digest = await read.Connection.QuerySingleOrDefaultAsync<string>("SELECT digest FROM trust_subjects WHERE subject = @subject", new { subject }, read.Transaction);
        return (digest, subject);
    }

    private static async Task<string?> Known(ReadScope read, string name)
    {
        var id = await read.Connection.QueryFirstOrDefaultAsync<string>(
            "SELECT id FROM trust_person WHERE normalized_user_name = @name OR normalized_email = @name ORDER BY id LIMIT 1", new { name = name.Trim().ToUpperInvariant() }, read.Transaction);
        return id is null ? null : $"person:{id}";
    }

    private static (long Moment, long Seq) ReadPlace(string place)
    {
        var parts = place.Split('-');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var moment) && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? (moment, seq)
            : throw new InvalidInputException("before", "is the value that the page before gave as next");
    }

    [GeneratedRegex("^[0-9]{1,19}$")]
    private static partial Regex Number();

    [GeneratedRegex("^(person|key):")]
    private static partial Regex Subject();

    [GeneratedRegex("^[A-Za-z0-9_-]{22}$")]
    private static partial Regex DigestForm();
}
