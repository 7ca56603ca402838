using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Ingest;
using Madang.Storage;

namespace Madang.Sensing.Doors;

/// <summary>What did not fit, in its table: bounded by number and bytes for each door, and by age.</summary>
internal static class KeptRows
{
    /// <summary>The longest reason: one with a hundred measures would be a page.</summary>
    private const int LongestReason = 1_000;

    private const string Columns = "id AS Id, door AS Door, at AS At, device AS Device, reason AS Reason, parts AS Parts, is_utf8 AS IsUtf8, size AS Size, provider_id AS Provider";

    /// <summary>Keeps them and makes room; answers their ids in order, and how many older ones went. A record that tells its own time is kept once (<paramref name="isOnce"/>) however often it comes.</summary>
    public static async Task<(IReadOnlyList<long> Ids, int Dropped)> Keep(WriteScope scope, DoorsOptions limits, string door, DateTimeOffset at, long? provider, IReadOnlyList<Unfit> unfit, IdempotencyKey? key, bool isOnce)
    {
        var ids = new List<long>(unfit.Count);
        foreach (var one in unfit)
        {
            var mark = key is not null ? Digest(string.Create(CultureInfo.InvariantCulture, $"{key.Key} {key.Digest} {one.Number}"))
                : isOnce && one.Number > 0 ? Digest(string.Create(CultureInfo.InvariantCulture, $"{door} {provider} {one.Reason}\n{Convert.ToHexStringLower(SHA256.HashData(one.Payload))}"))
                : null;
            var isTooLarge = one.Payload.Length > DoorsOptions.LargestKept;
            var reason = isTooLarge ? string.Create(CultureInfo.InvariantCulture, $"{one.Reason} (its {one.Payload.Length:N0} bytes are too many to keep)") : one.Reason;
            var id = await scope.Connection.ExecuteScalarAsync<long?>(
                """
                INSERT INTO door_kept (door, at, device, reason, parts, is_utf8, payload, size, provider_id, mark)
                VALUES (@door, @at, @Device, @reason, @parts, @utf8, @payload, @size, @provider, @mark) ON CONFLICT (mark) DO NOTHING RETURNING id
                """,
                new
                {
                    door, at = at.ToMicros(), Device = one.Device, reason = reason.Length > LongestReason ? reason[..LongestReason] + "…" : reason, parts = one.Parts is null ? null : JsonSerializer.Serialize(one.Parts),
                    utf8 = (short)(one.IsUtf8 ? 1 : 0), payload = isTooLarge ? null : one.Payload, size = isTooLarge ? 0L : one.Payload.Length, provider, mark,
                },
                scope.Transaction);
            ids.Add(id ?? await scope.Connection.ExecuteScalarAsync<long>("SELECT id FROM door_kept WHERE mark = @mark", new { mark }, scope.Transaction));
        }

        return (ids, await MakeRoom(scope, limits, door));
    }

    public static async Task<(long Count, long Bytes)> Total(ReadScope read, string door) => await read.Connection.QuerySingleAsync<(long, long)>(
        "SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM door_kept WHERE door = @door", new { door }, read.Transaction);

    /// <summary>The newest before an id.</summary>
    public static async Task<IReadOnlyList<KeptRow>> List(ReadScope read, string door, long before, int most) => (await read.Connection.QueryAsync<KeptRow>(
        $"SELECT {Columns}, payload AS Payload FROM door_kept WHERE door = @door AND id < @before ORDER BY id DESC LIMIT @most", new { door, before, most }, read.Transaction)).AsList();

    /// <summary>The ids up to one, oldest first.</summary>
    public static async Task<IReadOnlyList<long>> Ids(ReadScope read, string door, int most) => (await read.Connection.QueryAsync<long>(
        "SELECT id FROM door_kept WHERE door = @door AND payload IS NOT NULL ORDER BY id LIMIT @most", new { door, most }, read.Transaction)).AsList();

    public static Task<KeptRow?> Find(ReadScope read, string door, long id) => read.Connection.QuerySingleOrDefaultAsync<KeptRow?>(
        $"SELECT {Columns}, payload AS Payload FROM door_kept WHERE door = @door AND id = @id", new { door, id }, read.Transaction);

    public static Task<int> Delete(WriteScope scope, string door, long id) =>
        scope.Connection.ExecuteAsync("DELETE FROM door_kept WHERE door = @door AND id = @id", new { door, id }, scope.Transaction);

    public static Task<int> DeleteAll(WriteScope scope, string door) => scope.Connection.ExecuteAsync("DELETE FROM door_kept WHERE door = @door", new { door }, scope.Transaction);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Task<int> MakeRoom(WriteScope scope, DoorsOptions limits, string door) => scope.Connection.ExecuteAsync(
        """
        DELETE FROM door_kept WHERE id IN (
            SELECT k.id FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS place, sum(size) OVER (ORDER BY id DESC) AS bytes FROM door_kept WHERE door = @door) k
            WHERE k.place > @rows OR k.bytes > @bytes)
        """,
        new { door, rows = limits.KeptMost, bytes = limits.KeptMegabytes * 1024L * 1024 },
        scope.Transaction);
}

/// <summary>A row of <c>door_kept</c>.</summary>
internal sealed record KeptRow
{
    public long Id { get; init; }

    public string Door { get; init; } = "";

    public long At { get; init; }

    public string? Device { get; init; }

    public string Reason { get; init; } = "";

    public string? Parts { get; init; }

    public long IsUtf8 { get; init; }

    public long Size { get; init; }

    public long? Provider { get; init; }

    public byte[]? Payload { get; init; }

    public IReadOnlyCollection<string>? Only => Parts is null ? null : JsonSerializer.Deserialize<string[]>(Parts);
}
