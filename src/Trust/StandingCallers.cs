using System.Net;
using Madang.Trust.Access;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust;

/// <summary>
/// Finds who stands behind a connection that stays open and brings its key once, as a device on MQTT does. Who he is and what
/// he may is asked anew as long as it stands, so that a key that was taken back ends here too.
/// </summary>
public sealed class StandingCallers
{
    private readonly Callers callers;
    private readonly Limits limits;
    private readonly Tally tally;

    internal StandingCallers(Callers callers, Limits limits, Tally tally) => (this.callers, this.limits, this.tally) = (callers, limits, tally);

    /// <summary>True when a web request comes from a program on this machine and from no other site.</summary>
    public static bool IsNear(HttpRequest request) => Nearness.IsLocal(request);

    /// <summary>
    /// The caller who shows these credentials: the secret of a key, beside the key's id or name, or alone in the place of either.
    /// Without any he is the public, or, where <see cref="TrustOptions.Open"/> says so, this machine.
    /// </summary>
    /// <param name="name">The key's id or name, or its secret.</param>
    /// <param name="secret">The key's secret; null or empty when the name is it.</param>
    /// <param name="from">The remote address.</param>
    /// <param name="isNear">Whether he sits on this machine, as far as the door can tell.</param>
    /// <returns>Null when the credentials are wrong, or have ended. They are kept in no log.</returns>
    public StandingCaller? Find(string? name, string? secret, IPAddress? from, bool isNear)
    {
        if (string.IsNullOrEmpty(name) && string.IsNullOrEmpty(secret))
        {
            return new StandingCaller(callers, limits, tally, null, isNear && callers.FindLocal() is not null, from);
        }

        var key = string.IsNullOrEmpty(secret) ? name! : secret;
        return callers.FindHolder(key) is { } holder && (string.IsNullOrEmpty(name) || name == key || callers.IsNameOf(name, holder.Caller))
            ? new StandingCaller(callers, limits, tally, key, false, from)
            : null;
    }

    /// <summary>Records that somebody was not let in by a door that is no route; equal ones within a minute are one entry.</summary>
    /// <param name="door">The door, such as <c>mqtt</c>.</param>
    /// <param name="what">What was asked of it.</param>
    /// <param name="code">The door's own number for it.</param>
    /// <param name="from">The remote address.</param>
    public void Refused(string door, string what, int code, IPAddress? from) => tally.Note(new RecordEntry("refusal")
    {
        Kind = FormattableString.Invariant($"{door}-{code}"), Thing = what, From = CallerAddress.Find(from), Result = RecordEntry.Refused,
    });

    /// <summary>Takes one request from an address's share; answers how long to wait when nothing is left of it.</summary>
    public TimeSpan? TakeAddress(IPAddress? from) => limits.TakeAddress(from, null)?.Wait;
}
