using System.Globalization;
using System.Security.Claims;
using Madang.Kernel;

namespace Madang.Trust;

/// <summary>Who is signed in, as far as the session itself knows. What the person may do stands elsewhere.</summary>
/// <param name="Person">The person's id.</param>
/// <param name="Session">The session's id.</param>
/// <param name="Name">What the person is called.</param>
/// <param name="Fresh">When the person last proved who it is.</param>
public sealed record SignedIn(string Person, string Session, string Name, DateTimeOffset Fresh)
{
    /// <summary>The authentication type of a signed-in request.</summary>
    public const string Scheme = "session";

    /// <summary>How long a proof is good for dangerous acts.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(5);

    /// <summary>The claims of a signed-in request.</summary>
    internal const string Subject = "sub", SessionId = "sid", DisplayName = "name", Proved = "fresh", TwoFactors = "strong";

    /// <summary>True when two factors were proved in the session, or <see cref="AccountsOptions.SecondFactor"/> asks for one alone: the person's roles are awake.</summary>
    public bool IsStrong { get; init; }

    /// <summary>Who is signed in; null for everybody else, callers with a key among them.</summary>
    public static SignedIn? Of(ClaimsPrincipal caller)
    {
        var identity = caller.Identities.FirstOrDefault(one => one.AuthenticationType == Scheme);
        return identity?.FindFirst(Subject) is { } person
            ? new SignedIn(person.Value, Value(SessionId), Value(DisplayName), IsoTime.FromMicros(long.Parse(Value(Proved), CultureInfo.InvariantCulture))) { IsStrong = identity.HasClaim(claim => claim.Type == TwoFactors) }
            : null;

        string Value(string claim) => identity.FindFirst(claim)?.Value ?? throw new InvalidOperationException($"The session has no {claim}.");
    }

    /// <summary>True when the proof is young enough for a dangerous act.</summary>
    public bool IsFresh(DateTimeOffset now) => now - Fresh <= FreshFor;
}
