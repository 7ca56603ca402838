using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Tests.Laws;

/// <summary>A column of the real schema.</summary>
internal sealed record StoredColumn(string Table, string Name, string Type)
{
    public override string ToString() => $"{Table}.{Name}";
}

/// <summary>The law that no column holds personal data unsaid: columns are found by their names and by what stands in them.</summary>
internal static partial class PersonalLaw
{
    /// <summary>Words of names that speak of people.</summary>
    private static readonly HashSet<string> Telling =
    [
        "name", "nickname", "email", "mail", "phone", "telephone", "mobile", "birth", "birthday", "age", "gender", "sex", "address", "addresses", "person", "people", "user", "username", "citizen", "resident", "owner",
        "agent", "ip", "secret", "password", "token", "passkey", "login", "subject", "who", "by", "contact", "ssn", "rrn", "account", "face", "plate", "session",
    ];

    /// <summary>Tables that are about people: each of their columns must be declared, whatever it is called.</summary>
    private static readonly HashSet<string> AboutPeople = ["person", "people", "citizen", "resident", "session"];

    /// <summary>Every table of every module; the engines' own are not the house's, and a partition is its table.</summary>
    public static async Task<IReadOnlyList<StoredColumn>> Columns(DbConnection store, Engine engine, DbTransaction? transaction = null) => (await store.QueryAsync<StoredColumn>(
        engine == Engine.Sqlite
            ? "SELECT m.name AS \"Table\", p.name AS Name, p.type AS Type FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1, 2"
            : """
              SELECT c.relname AS "Table", a.attname AS Name, format_type(a.atttypid, NULL) AS Type FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
              WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2
              """,
        transaction: transaction)).AsList();

    /// <summary>Columns whose name speaks of people and that nobody declared.</summary>
    public static IEnumerable<string> NamesAreDeclared(IEnumerable<StoredColumn> columns, PersonalInventory inventory) =>
        from column in columns
        where (IsText(column) && Words(column.Name).Any(Telling.Contains)) || Words(column.Table).Any(AboutPeople.Contains)
        where !IsDeclared(column, inventory)
        select $"{column} sounds personal: declare it with AddPersonal or AddNotPersonal, next to its schema.";

    /// <summary>
    /// Columns in which something personal stands and that nobody declared as personal. A declaration that it is not one
    /// answers what only looks so (a version is no address), but no mark of a person.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ContentsAreDeclared(DbConnection store, IEnumerable<StoredColumn> columns, PersonalInventory inventory, IReadOnlyList<string> marks, DbTransaction? transaction = null)
    {
        var breaches = new List<string>();
        foreach (var column in columns.Where(IsText).Where(column => !inventory.Columns.Any(known => known.Table == column.Table && known.Column == column.Name)))
        {
            if (await Find(store, column, marks, inventory.Others.Any(known => known.Table == column.Table && known.Column == column.Name), transaction) is { } found)
            {
                breaches.Add($"{column} holds {found}: declare it with AddPersonal.");
            }
        }

        return breaches;
    }

    /// <summary>Declarations of what is not there, and two kinds of words about the same.</summary>
    public static IEnumerable<string> DeclarationsHold(IReadOnlyCollection<StoredColumn> columns, PersonalInventory inventory, Engine engine)
    {
        var there = columns.Select(column => (column.Table, column.Name)).ToHashSet();
        var personal = inventory.Columns.Where(column => !column.IsFile && (column.Only is null || column.Only == engine)).Select(column => (column.Table, Name: column.Column)).Distinct().ToList();
        var other = inventory.Others.Select(column => (column.Table, Name: column.Column)).ToList();
        return personal.Concat(other).Where(column => !there.Contains(column)).Select(column => $"{column.Table}.{column.Name} is declared and is not there.")
            .Concat(personal.Intersect(other).Select(column => $"{column.Table}.{column.Name} is declared as personal and as not personal."));
    }

    /// <summary>The columns in which one of the marks stands.</summary>
    public static async Task<IReadOnlyList<string>> Where(DbConnection store, IEnumerable<StoredColumn> columns, IReadOnlyList<string> marks, DbTransaction? transaction = null)
    {
        var found = new List<string>();
        foreach (var column in columns.Where(IsText))
        {
            if ((await Values(store, column, transaction)).Any(value => marks.Any(mark => value.Contains(mark, StringComparison.OrdinalIgnoreCase))))
            {
                found.Add(column.ToString());
            }
        }

        return found;
    }

    /// <summary>What is personal in a text, in words; null when nothing is.</summary>
    public static string? Detect(string text)
    {
        if (Mail().IsMatch(text))
        {
            return "an e-mail address";
        }

        if (Phone().IsMatch(text))
        {
            return "a telephone number";
        }

        if (Resident().Matches(text).Any(match => IsResidentNumber(match.Groups[1].Value + match.Groups[2].Value)))
        {
            return "a resident registration number";
        }

        return Ip().Matches(text).Any(match => IPAddress.TryParse(match.Value, out var address) && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any)) ? "an IP address" : null;
    }

    private static bool IsDeclared(StoredColumn column, PersonalInventory inventory) =>
        inventory.Columns.Any(known => known.Table == column.Table && known.Column == column.Name) || inventory.Others.Any(known => known.Table == column.Table && known.Column == column.Name);

    private static async Task<string?> Find(DbConnection store, StoredColumn column, IReadOnlyList<string> marks, bool isAnswered, DbTransaction? transaction) =>
        (await Values(store, column, transaction)).Select(value => marks.FirstOrDefault(mark => value.Contains(mark, StringComparison.OrdinalIgnoreCase)) is { } mark ? $"'{mark}'" : isAnswered ? null : Detect(value)).FirstOrDefault(found => found is not null);

    private static async Task<IEnumerable<string>> Values(DbConnection store, StoredColumn column, DbTransaction? transaction) =>
        (await store.QueryAsync($"SELECT \"{column.Name}\" FROM \"{column.Table}\"", transaction: transaction)).Select(row => ((IDictionary<string, object?>)row).Values.Single() switch { byte[] bytes => Encoding.UTF8.GetString(bytes), string text => Plain(text), _ => "" });

    /// <summary>JSON may write letters by their numbers.</summary>
    private static string Plain(string text) => Escaped().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 16)).ToString());

    private static bool IsText(StoredColumn column) => column.Type.ToUpperInvariant() is "TEXT" or "BLOB" or "JSON" or "JSONB" or "BYTEA" or "CHARACTER VARYING" or "ANY";

    private static string[] Words(string name) => name.Split('_');

    /// <summary>The last digit of a resident registration number checks the others (주민등록법 시행규칙; numbers given out since October 2020 need not).</summary>
    private static bool IsResidentNumber(string digits)
    {
        int[] weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
        var sum = weights.Select((weight, place) => weight * (digits[place] - '0')).Sum();
        return (11 - (sum % 11)) % 10 == digits[12] - '0';
    }

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")]
    private static partial Regex Mail();

    [GeneratedRegex(@"(?<![\w.-])(?:\+82[- ]?)?0?1[016789][- .]?\d{3,4}[- .]?\d{4}(?![\w.-])")]
    private static partial Regex Phone();

    [GeneratedRegex(@"(?<![\w.])(\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))-?([1-8]\d{6})(?![\w.])")]
    private static partial Regex Resident();

    [GeneratedRegex(@"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])")]
    private static partial Regex Ip();
}
