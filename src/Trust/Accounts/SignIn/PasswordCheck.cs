using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust.Accounts.SignIn;

/// <summary>Checks passwords, and takes as long where there is nobody to check.</summary>
internal sealed class PasswordCheck(UserManager<Person> people, IPasswordHasher<Person> hasher)
{
    /// <summary>The digest of a password nobody has.</summary>
    private static readonly Lazy<string> Nobody = new(() => new PasswordHasher<Person>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = PasswordRule.Iterations }))
        .HashPassword(new Person(), Token.Make()));

    /// <summary>True when it is the person's password. A digest of older strength is made anew.</summary>
    public async Task<bool> IsRight(Person? person, string password)
    {
        var answer = hasher.VerifyHashedPassword(person ?? new Person(), person?.PasswordHash ?? Nobody.Value, password);
        if (person?.PasswordHash is null || answer == PasswordVerificationResult.Failed)
        {
            return false;
        }

        if (answer == PasswordVerificationResult.SuccessRehashNeeded)
        {
            person.PasswordHash = hasher.HashPassword(person, password);
            await people.UpdateAsync(person);
        }

        return true;
    }
}
