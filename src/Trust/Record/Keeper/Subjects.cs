using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Record.Keeper;

/// <summary>
/// Digests in the place of persons: HMAC-SHA-256 under the server's secret, over a salt of the subject's own and its name.
/// The secret lies apart from the store, the salt in it; without either nobody can say whose digest it is.
/// </summary>
internal sealed class Subjects(RecordPlace place)
{
    private const int SaltLength = 16, SecretLength = 32, SubjectDigestLength = 16, MostRemembered = 50_000;

    private readonly ConcurrentDictionary<string, Subject> known = new();

    /// <summary>What a transaction has made is the others' only when it is committed.</summary>
    private readonly ConditionalWeakTable<WriteScope, Dictionary<string, Subject>> made = [];

    private readonly Lazy<byte[]> secret = new(() => ReadSecret(place));

    /// <summary>A subject's salt and digest, made when it is first heard of.</summary>
    public async ValueTask<Subject> Get(WriteScope scope, string name)
    {
        if (known.TryGetValue(name, out var subject) || made.GetOrCreateValue(scope).TryGetValue(name, out subject))
        {
            return subject;
        }

        if (await Find(scope, name) is { } stored)
        {
            if (known.Count >= MostRemembered)
            {
                known.Clear();
            }

            return known[name] = stored;
        }

        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        await scope.Connection.ExecuteAsync(
            "INSERT INTO trust_subjects (subject, salt, digest) VALUES (@name, @salt, @digest) ON CONFLICT (subject) DO NOTHING", new { name, salt, digest = Digest(salt, Encoding.UTF8.GetBytes(name), SubjectDigestLength) }, scope.Transaction);
        // Read again: on PostgreSQL another transaction may have been first.
        return made.GetOrCreateValue(scope)[name] = (await Find(scope, name))!;
    }

    /// <summary>
    /// The digest of an address. All addresses of a month share one salt: a row for every stranger's address would fill the
    /// store, and with the month's row they all become nobody's at once.
    /// </summary>
    public async ValueTask<string> Address(WriteScope scope, string address, long moment) =>
        Digest((await Get(scope, MonthOf(moment))).Salt, Encoding.UTF8.GetBytes(address), SubjectDigestLength);

    /// <summary>The digest of what stood there, so that the same content can be known again by who has the secret; nobody can guess it from the log.</summary>
    public string Content(byte[]? salt, ReadOnlySpan<byte> content) => Digest(salt, content, SHA256.HashSizeInBytes);

    /// <summary>True when this is the digest of a subject with this salt.</summary>
    public bool IsDigest(string name, byte[] salt, string digest) => Digest(salt, Encoding.UTF8.GetBytes(name), SubjectDigestLength) == digest;

    public static string MonthOf(long moment) => IsoTime.FromMicros(moment).ToString("'addresses of 'yyyy-MM", CultureInfo.InvariantCulture);

    public void Forget(string name) => known.TryRemove(name, out _);

    private static async Task<Subject?> Find(WriteScope scope, string name) =>
        await scope.Connection.QuerySingleOrDefaultAsync<Subject>("SELECT salt, digest FROM trust_subjects WHERE subject = @name", new { name }, scope.Transaction);

    private string Digest(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> text, int length)
    {
        byte[] message = [(byte)salt.Length, .. salt, .. text];
        return Base64Url.EncodeToString(HMACSHA256.HashData(secret.Value, message).AsSpan(0, length));
    }

    private static byte[] ReadSecret(RecordPlace place)
    {
        var text = place.ReadOrMakeSecret(place.DigestKey, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength)));
        var bytes = new byte[SecretLength];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == SecretLength ? bytes : throw new InvalidInputException(place.DigestKey, "is not the key of the record's digests (32 bytes in base64)");
    }
}

/// <summary>Salt and digest of a subject.</summary>
internal sealed record Subject(byte[] Salt, string Digest);
