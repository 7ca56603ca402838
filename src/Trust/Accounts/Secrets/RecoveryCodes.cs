using System.Security.Cryptography;
using System.Text;
using Dapper;
using Madang.Storage;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>
/// Ten codes for whoever lost the phone, each good once. Identity keeps them readable; here they are kept as PBKDF2 digests
/// with a salt of the set, because 50 bits of chance are few (ASVS 5.0, 6.5.2).
/// </summary>
internal sealed class RecoveryCodes(IDatabase database, Recorder recorder)
{
    private const int Count = 10, Letters = 10, SaltBytes = 16, DigestBytes = 32;

    /// <summary>Crockford's Base32: nothing that looks like something else.</summary>
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Makes a new set; the old one is good no more.</summary>
    public async Task<IReadOnlyList<string>> Make(string person, CancellationToken cancel)
    {
        var codes = Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Letters)).ToList();
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var rows = codes.Select(code => new { person, digest = Digest(code, salt), salt = Convert.ToHexStringLower(salt) }).ToList();
        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("DELETE FROM trust_recovery_code WHERE person = @person", new { person }, scope.Transaction);
                await scope.Connection.ExecuteAsync("INSERT INTO trust_recovery_code (person, digest, salt) VALUES (@person, @digest, @salt)", rows, scope.Transaction);
                await recorder.Record(scope, AccountEntry.Of("account.recovery.make", person));
            },
            cancel);
        return [.. codes.Select(code => code[..5] + "-" + code[5..])];
    }

    /// <summary>True when the code is one of the person's; it is used up then.</summary>
    public async Task<bool> Take(string person, string typed, CancellationToken cancel)
    {
        var code = string.Concat(typed.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)).Replace('o', '0').Replace('i', '1').Replace('l', '1');
        if (code.Length != Letters || await FindSalt(person, cancel) is not { } salt)
        {
            return false;
        }

        var row = new { person, digest = Digest(code, Convert.FromHexString(salt)) };
        return await Delete("account.recovery.use", "DELETE FROM trust_recovery_code WHERE person = @person AND digest = @digest", person, row, cancel) == 1;
    }

    /// <summary>How many are left.</summary>
    public async Task<int> Left(string person, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM trust_recovery_code WHERE person = @person", new { person }, read.Transaction);
    }

    /// <summary>Takes every code away.</summary>
    public Task Clear(string person, CancellationToken cancel) =>
        Delete("account.recovery.clear", "DELETE FROM trust_recovery_code WHERE person = @person", person, new { person }, cancel);

    private Task<int> Delete(string action, string change, string person, object parameters, CancellationToken cancel) => database.Write(
        async scope =>
        {
            var gone = await scope.Connection.ExecuteAsync(change, parameters, scope.Transaction);
            if (gone > 0)
            {
                await recorder.Record(scope, AccountEntry.Of(action, person));
            }

            return gone;
        },
        cancel);

    private async Task<string?> FindSalt(string person, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QueryFirstOrDefaultAsync<string>("SELECT salt FROM trust_recovery_code WHERE person = @person", new { person }, read.Transaction);
    }

    private static string Digest(string code, byte[] salt) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(code), salt, PasswordRule.Iterations, HashAlgorithmName.SHA512, DigestBytes));
}
