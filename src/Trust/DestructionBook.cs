using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Privacy;

namespace Madang.Trust;

/// <summary>What a rule destroyed on a day.</summary>
/// <param name="Rule">The rule's code, or <c>account-erased</c> for what people asked for themselves.</param>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Place">The table or files.</param>
/// <param name="Category">The categories of <see cref="PersonalCategory"/> that went, as words.</param>
/// <param name="Count">How many rows or files.</param>
/// <param name="Until">The moment up to which was judged.</param>
public sealed record DestroyedData(string Rule, DateOnly Day, string Place, string Category, long Count, DateTimeOffset Until);

/// <summary>A page of the record of destruction.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">What to ask for as <c>before</c> for the page after this; null at the end.</param>
public sealed record DestroyedPage(IReadOnlyList<DestroyedData> Items, DateOnly? Next);

/// <summary>The record of destruction (Personal Information Protection Act, art. 21).</summary>
public sealed class DestructionBook
{
    /// <summary>More than the rules of many days, fewer than hurt.</summary>
    private const int MostRows = 500;

    private readonly IDatabase database;

    internal DestructionBook(IDatabase database) => this.database = database;

    /// <summary>What was destroyed before a day (null: up to now), whole days at a time.</summary>
    public async Task<DestroyedPage> List(DateOnly? before, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = (await read.Connection.QueryAsync<(string Rule, long Day, string Place, string Category, long Count, long Until)>(
            "SELECT rule, day, place, category, count, until FROM trust_destruction WHERE day < @before ORDER BY day DESC, rule LIMIT @most",
            new { before = before is { } day ? DestructionRows.Day(day) : long.MaxValue, most = MostRows },
            read.Transaction)).AsList();
        DateOnly? next = null;
        if (rows.Count == MostRows)
        {
            // The last day may be cut in two: it begins the next page.
            var cut = rows[^1].Day;
            rows.RemoveAll(row => row.Day == cut);
            next = DestructionRows.Day(cut + 1);
        }

        return new([.. rows.Select(row => new DestroyedData(row.Rule, DestructionRows.Day(row.Day), row.Place, row.Category, row.Count, IsoTime.FromMicros(row.Until)))], next);
    }
}
