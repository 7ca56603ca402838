namespace Madang.Trust;

/// <summary>A device on which somebody is signed in.</summary>
/// <param name="Id">Its name for lists and for the record; no secret.</param>
/// <param name="Made">When the person signed in.</param>
/// <param name="Seen">The last request, to the minute.</param>
/// <param name="Ends">When it ends, whatever happens.</param>
/// <param name="Address">The address of the last sign-in; null for this machine.</param>
/// <param name="Agent">Browser and system, in words: <c>Chrome · Windows</c>.</param>
/// <param name="Method">How the person signed in, or proved more since: a word of <see cref="SignInMethod"/>.</param>
public sealed record Session(string Id, DateTimeOffset Made, DateTimeOffset Seen, DateTimeOffset Ends, string? Address, string Agent, string Method);

/// <summary>The ways to sign in, as words.</summary>
public static class SignInMethod
{
    /// <summary>By password alone.</summary>
    public const string Password = "password";

    /// <summary>By password and a code of the authenticator app.</summary>
    public const string Totp = "totp";

    /// <summary>By password and a recovery code.</summary>
    public const string Recovery = "recovery";

    /// <summary>By passkey, which is two factors in one.</summary>
    public const string Passkey = "passkey";

    /// <summary>Through another provider.</summary>
    public const string External = "external";

    /// <summary>By a link that was sent or printed.</summary>
    public const string Link = "link";
}
