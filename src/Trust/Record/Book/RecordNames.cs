using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Record.Book;

/// <summary>Whose the digests of some entries are, and what those people and keys are called.</summary>
internal sealed class RecordNames
{
    private readonly Dictionary<string, string> subjects;
    private readonly Dictionary<string, string> names;

    private RecordNames(Dictionary<string, string> subjects, Dictionary<string, string> names) => (this.subjects, this.names) = (subjects, names);

    public static Task<RecordNames> Find(ReadScope read, Engine engine, IReadOnlyList<RecordRow> rows) =>
        Find(read, engine, rows.SelectMany(row => new[] { row.Who, row.Thing }).OfType<string>().Distinct());

    public static async Task<RecordNames> Find(ReadScope read, Engine engine, IEnumerable<string> digests)
    {
        var subjects = (await Among<(string Digest, string Subject)>(read, engine, "SELECT digest, subject FROM trust_subjects WHERE digest", digests)).ToDictionary(row => row.Digest, row => row.Subject);
        var people = await Among<(string Id, string Name)>(read, engine, "SELECT id, name FROM (SELECT id, name FROM trust_person UNION ALL SELECT person, name FROM trust_departed) people WHERE id", Ids(subjects, "person:"));
        var keys = await Among<(string Id, string Name)>(read, engine, "SELECT id, name FROM trust_keys WHERE id", Ids(subjects, "key:"));
        return new RecordNames(subjects, people.Select(row => ("person:" + row.Id, row.Name)).Concat(keys.Select(row => ("key:" + row.Id, row.Name))).ToDictionary(row => row.Item1, row => row.Name));
    }

    /// <summary>Whose digest it is, and what he is called; null where nobody knows.</summary>
    public (string? Subject, string? Name) Of(string digest) => subjects.GetValueOrDefault(digest) is { } subject ? (subject, Name(subject)) : (null, null);

    public RecordedEntry Tell(RecordRow row)
    {
        var subject = subjects.GetValueOrDefault(row.Who);
        var thing = row.Thing is null ? null : subjects.GetValueOrDefault(row.Thing);
        return new RecordedEntry(
            row.Seq, IsoTime.FromMicros(row.Moment), row.Action, row.Who, subject, Name(subject), row.Role, row.Purpose, row.Kind, row.Thing, thing, Name(thing), Digest(row, "before"), Digest(row, "after"), row.Address, row.Trace, row.Result);
    }

    /// <summary>The table has no columns for them: they are for whoever compares, and stand in the leaf.</summary>
    private static string? Digest(RecordRow row, string member)
    {
        if (row.Leaf is null)
        {
            return null;
        }

        using var leaf = JsonDocument.Parse(row.Leaf);
        return leaf.RootElement.TryGetProperty(member, out var digest) ? digest.GetString() : null;
    }

    private static IEnumerable<string> Ids(Dictionary<string, string> subjects, string kind) => subjects.Values.Where(subject => subject.StartsWith(kind, StringComparison.Ordinal)).Select(subject => subject[kind.Length..]);

    private string? Name(string? subject) => subject is null ? null : names.GetValueOrDefault(subject);

    private static Task<IEnumerable<T>> Among<T>(ReadScope read, Engine engine, string query, IEnumerable<string> values)
    {
        var list = values.ToArray();
        return engine == Engine.Sqlite
            ? read.Connection.QueryAsync<T>($"{query} IN (SELECT value FROM json_each(@list))", new { list = JsonSerializer.Serialize(list) }, read.Transaction)
            : read.Connection.QueryAsync<T>($"{query} = ANY(@list)", new { list }, read.Transaction);
    }
}
