using Microsoft.AspNetCore.Identity;

namespace Madang.Trust.Accounts.People;

/// <summary>
/// Somebody who can sign in. Identity's telephone, lockout and two-factor properties are not kept: attempts are counted by the
/// name that was typed (<see cref="Secrets.Attempts"/>), and a second factor is one's <see cref="TotpKey"/>.
/// </summary>
internal sealed class Person : IdentityUser
{
    public Person() => Id = Guid.NewGuid().ToString("N");

    /// <summary>What the person is called on the pages.</summary>
    public string Name { get; set; } = "";

    /// <summary>The language of letters: <c>ko</c> or <c>en</c>.</summary>
    public string Language { get; set; } = "ko";

    /// <summary>When the account was made, in microseconds since 1970.</summary>
    public long Made { get; set; }

    /// <summary>The word for what a person is from the beginning: <c>administrator</c>, or a demo person's <c>mayor</c>, <c>official</c>, <c>operator</c>, <c>citizen</c>; null for all who join.</summary>
    public string? StartingRole { get; set; }

    /// <summary>True for the made-up people of the demo.</summary>
    public bool IsDemo { get; set; }

    /// <summary>Since when the person is locked out by an administrator, in microseconds since 1970; null for who may come in.</summary>
    public long? LockedAt { get; set; }

    /// <summary>When the password was set last, in microseconds since 1970.</summary>
    public long? PasswordChanged { get; set; }

    /// <summary>The shared secret of the authenticator app, Base32; null without one.</summary>
    public string? TotpKey { get; set; }

    /// <summary>Since when codes are asked for, in microseconds since 1970; null while the app is not confirmed.</summary>
    public long? TotpSince { get; set; }

    /// <summary>The time step of the last code that was taken: no code is good twice.</summary>
    public long TotpStep { get; set; }
}
