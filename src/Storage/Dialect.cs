namespace Madang.Storage;

/// <summary>The few words in which the two engines' SQL differ. Everything else is written so that both understand it.</summary>
public static class Dialect
{
    /// <summary>A condition "column is one of these 64-bit integers", for an array parameter made with <see cref="Ids"/>.</summary>
    public static string IsAmong(this Engine engine, string column, string parameter) =>
        engine == Engine.Sqlite ? $"{column} IN (SELECT value FROM json_each({parameter}))" : $"{column} = ANY({parameter})";

    /// <summary>The value of the array parameter of <see cref="IsAmong"/>: JSON text on SQLite, a bigint array on PostgreSQL.</summary>
    public static object Ids(this Engine engine, IEnumerable<long> ids) =>
        engine == Engine.Sqlite ? $"[{string.Join(',', ids)}]" : ids.ToArray();

    /// <summary>The expression that casts a text parameter to a PostgreSQL JSON type (<c>json</c> keeps the spelling, <c>jsonb</c> is quicker to search).</summary>
    public static string Json(this Engine engine, string expression, string type = "jsonb") =>
        engine == Engine.Sqlite ? expression : $"CAST({expression} AS {type})";
}
