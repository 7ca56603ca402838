namespace Madang.Trust;

/// <summary>What a person sees of the own account.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="SignInName">What is typed to sign in: the address of e-mail, or a demo person's word.</param>
/// <param name="Name">What the person is called.</param>
/// <param name="Email">The confirmed or coming address; null for demo people.</param>
/// <param name="IsDemo">True for a made-up person of the demo.</param>
/// <param name="StartingRole">The word for what the person is from the beginning; null for most.</param>
/// <param name="Made">When the account was made.</param>
/// <param name="PasswordChanged">When the password was set last; null without a password.</param>
/// <param name="TotpSince">Since when an authenticator app is asked for; null without one.</param>
/// <param name="RecoveryCodes">How many recovery codes are left.</param>
/// <param name="Passkeys">The passkeys, the oldest first.</param>
/// <param name="Links">The names of the providers whose accounts are linked.</param>
public sealed record Account(
    string Id, string SignInName, string Name, string? Email, bool IsDemo, string? StartingRole, DateTimeOffset Made, DateTimeOffset? PasswordChanged, DateTimeOffset? TotpSince,
    int RecoveryCodes, IReadOnlyList<Passkey> Passkeys, IReadOnlyList<string> Links);

/// <summary>A passkey of a person.</summary>
/// <param name="Id">Its credential id, Base64url.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Made">When it was added.</param>
/// <param name="IsSynced">True when it lives on more than one device.</param>
public sealed record Passkey(string Id, string Name, DateTimeOffset Made, bool IsSynced);

/// <summary>What came of an attempt to sign in or to prove who one is.</summary>
public enum SignInOutcome
{
    /// <summary>The person is in.</summary>
    In,

    /// <summary>The password was right; a code of the app is asked for.</summary>
    SecondFactor,

    /// <summary>Name, password, code or passkey is wrong; nobody is told which.</summary>
    Wrong,

    /// <summary>Too many attempts; see the wait.</summary>
    Wait,

    /// <summary>The password was right, but the address was never confirmed; another letter is on its way.</summary>
    Unconfirmed,

    /// <summary>Who it is was proved, but an administrator locked the account.</summary>
    Locked,

    /// <summary>The time for this step is over; begin again.</summary>
    TooLate,
}

/// <summary>The answer to an attempt to sign in.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Wait">How long to wait before the next attempt, where there is a wait.</param>
public sealed record SignInAnswer(SignInOutcome Outcome, TimeSpan? Wait = null);
