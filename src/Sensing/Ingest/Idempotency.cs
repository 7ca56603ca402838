using System.Security.Cryptography;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Ingest;

/// <summary>A request's Idempotency-Key, made unique by its caller and address, and the digest of its body: nobody is told what another was answered.</summary>
internal sealed record IdempotencyKey(string Key, string Digest)
{
    public static IdempotencyKey? Of(string? header, string address, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(header))
        {
            return null;
        }

        return header.Length is >= 1 and <= 200 && !header.Any(char.IsControl)
            ? new IdempotencyKey($"{Caller.Current.Id} {address} {header}", Convert.ToHexStringLower(SHA256.HashData(body)))
            : throw new InvalidInputException("Idempotency-Key", "must be 1 to 200 printable characters");
    }
}

/// <summary>
/// Remembers what was answered to a request with an Idempotency-Key, in the transaction that stored it; so a retry, even
/// after a crash, gets the same answer and stores nothing (after the IETF draft "The Idempotency-Key HTTP Header Field").
/// </summary>
internal static class Idempotency
{
    /// <summary>
    /// Takes a new key for this transaction and answers null; or the answer that is remembered for it. Another transaction
    /// with the same key waits here until this one has ended. The same key with another body is refused.
    /// </summary>
    public static async Task<string?> Claim(WriteScope scope, IdempotencyKey key, DateTimeOffset now)
    {
        var claimed = await scope.Connection.ExecuteAsync(
            "INSERT INTO idempotency_keys (key, digest, answer, at) VALUES (@Key, @Digest, '', @At) ON CONFLICT (key) DO NOTHING", new { key.Key, key.Digest, At = now.ToMicros() }, scope.Transaction);
        if (claimed == 1)
        {
            return null;
        }

        var (digest, answer) = await scope.Connection.QuerySingleAsync<(string, string)>("SELECT digest, answer FROM idempotency_keys WHERE key = @Key", new { key.Key }, scope.Transaction);
        return digest == key.Digest ? answer : throw Reused();
    }

    public static CityRuleException Reused() => new("idempotency-key-reused", "This Idempotency-Key came before with another body. Nothing of this request was stored.", 422);

    /// <summary>Keeps the answer to a key that this transaction has claimed.</summary>
    public static Task Remember(WriteScope scope, IdempotencyKey key, string answer) =>
        scope.Connection.ExecuteAsync("UPDATE idempotency_keys SET answer = @answer WHERE key = @Key", new { key.Key, answer }, scope.Transaction);
}
