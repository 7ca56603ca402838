using Dapper;
using Madang.Storage;

namespace Madang.Trust;

/// <summary>One batch of a rule's work.</summary>
/// <param name="Scope">The transaction.</param>
/// <param name="Now">The moment by which is judged.</param>
/// <param name="Most">The most rows to destroy at once.</param>
public sealed record RuleRun(WriteScope Scope, DateTimeOffset Now, int Most);

/// <summary>
/// When personal data is over, and how it goes. The privacy page says <see cref="Period"/> and the retention job does
/// <see cref="Destroy"/>: both are made from the same length of time.
/// </summary>
/// <param name="Code">Its word in the record of destruction; never changes.</param>
/// <param name="Place">The table, or the files.</param>
/// <param name="Period">How long, in words.</param>
/// <param name="Destroy">Destroys what is over, up to the most at once, and answers how many.</param>
public sealed record PersonalRule(string Code, string Place, Wording Period, Func<RuleRun, Task<int>> Destroy)
{
    /// <summary>A rule that deletes rows.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The column of its primary key.</param>
    /// <param name="over">The condition of a row that is over.</param>
    /// <param name="parameters">The condition's parameters at a moment.</param>
    /// <param name="period">How long, in words.</param>
    public static PersonalRule Delete(string code, string table, string key, string over, Func<DateTimeOffset, object> parameters, Wording period) =>
        Sql(code, table, $"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {over} LIMIT @most)", parameters, period);

    /// <summary>A rule that another job of the module carries out, from the same length of time; the retention job has nothing to do.</summary>
    public static PersonalRule Elsewhere(string code, string place, Wording period) => new(code, place, period, _ => Task.FromResult(0));

    /// <summary>A rule of one statement, which changes at most <c>@most</c> rows.</summary>
    public static PersonalRule Sql(string code, string table, string sql, Func<DateTimeOffset, object> parameters, Wording period) =>
        new(code, table, period, run =>
        {
            var values = new DynamicParameters(parameters(run.Now));
            values.Add("most", run.Most);
            return run.Scope.Connection.ExecuteAsync(new CommandDefinition(sql, values, run.Scope.Transaction, cancellationToken: run.Scope.Cancel));
        });
}

/// <summary>How long a column's data is kept: until the account is erased, until a rule says it is over, or either.</summary>
public sealed record PersonalRetention
{
    private static readonly Wording Erased = new("계정을 지울 때까지", "until the account is erased");

    private PersonalRetention(Wording? first, IReadOnlyList<PersonalRule> rules) => (First, Rules) = (first, rules);

    /// <summary>Kept until the person erases the account.</summary>
    public static PersonalRetention UntilErased { get; } = new(Erased, []);

    /// <summary>The rules that carry it out.</summary>
    public IReadOnlyList<PersonalRule> Rules { get; }

    /// <summary>How long, in words: what of it comes first.</summary>
    public Wording Text => new(
        string.Join(", ", Parts.Select(part => part.Korean)), string.Join("; ", Parts.Select(part => part.English)));

    private Wording? First { get; }

    private IEnumerable<Wording> Parts => (First is null ? [] : (Wording[])[First]).Concat(Rules.Select(rule => rule.Period));

    /// <summary>Kept until a rule says it is over.</summary>
    public static PersonalRetention Until(params IReadOnlyList<PersonalRule> rules) =>
        rules is { Count: > 0 } ? new(null, rules) : throw new ArgumentException("A retention without a rule is none.", nameof(rules));

    /// <summary>Kept until the person erases the account, or until a rule says it is over.</summary>
    public static PersonalRetention UntilErasedOr(params IReadOnlyList<PersonalRule> rules) => new(Erased, rules);
}
