using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Madang.Trust.Accounts.People;

/// <summary>What is about to be saved of people, as entries of the record.</summary>
internal static class PeopleChanges
{
    /// <summary>What a sign-in moves on by itself; the sign-in is recorded.</summary>
    private static readonly string[] OfSignIn = [nameof(Person.TotpStep), nameof(Person.ConcurrencyStamp), nameof(Person.SecurityStamp)];

    /// <summary>What a change of a person is called, by what changed; the first that fits.</summary>
    private static readonly (string Property, string Action)[] Actions =
    [
        (nameof(Person.PasswordHash), "account.password"), (nameof(Person.Email), "account.email"), (nameof(Person.EmailConfirmed), "account.confirm"),
        (nameof(Person.TotpSince), "account.totp"), (nameof(Person.TotpKey), "account.totp.offer"), (nameof(Person.Name), "account.name"),
    ];

    public static IReadOnlyList<RecordEntry> Entries(ChangeTracker changes) => [.. changes.Entries().Select(Entry).OfType<RecordEntry>()];

    private static RecordEntry? Entry(EntityEntry change) => (change.Entity, change.State) switch
    {
        (_, EntityState.Unchanged or EntityState.Detached) => null,
        (Person person, EntityState.Modified) => Changed(person, change),
        (Person person, var state) => Told("account." + Verb(state), person.Id, change),
        // The counter of the authenticator moves on with each sign-in.
        (IdentityUserPasskey<string>, EntityState.Modified) => null,
        (IdentityUserPasskey<string> passkey, var state) => Told("account.passkey." + Verb(state), passkey.UserId, change),
        (IdentityUserLogin<string> link, var state) => Told("account.link." + Verb(state), link.UserId, change),
        (IdentityUserToken<string> token, var state) => Told("account.token." + Verb(state), token.UserId, change),
        (IdentityUserClaim<string> claim, var state) => Told("account.claim." + Verb(state), claim.UserId, change),
        _ => null,
    };

    private static RecordEntry? Changed(Person person, EntityEntry change)
    {
        var names = change.Properties.Where(property => property.IsModified && !Equals(property.OriginalValue, property.CurrentValue)).Select(property => property.Metadata.Name).Except(OfSignIn).ToList();
        return names.Count == 0 ? null : Told(Actions.FirstOrDefault(action => names.Contains(action.Property)).Action ?? "account.change", person.Id, change);
    }

    private static RecordEntry Told(string action, string person, EntityEntry change) => AccountEntry.Of(action, person) with
    {
        Before = change.State == EntityState.Added ? null : Image(change.OriginalValues), After = change.State == EntityState.Deleted ? null : Image(change.CurrentValues),
    };

    private static string Verb(EntityState state) => state switch { EntityState.Added => "make", EntityState.Deleted => "delete", _ => "change" };

    private static ReadOnlyMemory<byte> Image(PropertyValues values) => JsonSerializer.SerializeToUtf8Bytes(values.Properties.ToDictionary(property => property.Name, property => values[property]));
}
