using System.Net;
using Madang.Kernel;
using Madang.Trust.Access;
using Madang.Trust.Record.Keeper;

namespace Madang.Trust;

/// <summary>Who stands behind one open connection.</summary>
public sealed class StandingCaller
{
    private readonly Callers callers;
    private readonly Limits limits;
    private readonly Tally tally;
    private readonly string? key;
    private readonly bool isLocal;
    private readonly IPAddress? from;

    internal StandingCaller(Callers callers, Limits limits, Tally tally, string? key, bool isLocal, IPAddress? from) =>
        (this.callers, this.limits, this.tally, this.key, this.isLocal, this.from) = (callers, limits, tally, key, isLocal, from);

    /// <summary>Who he is as the house stands now; null when his key has ended or was taken back. The same caller is the same object until the house changes.</summary>
    public Caller? Now => key is not null ? callers.FindHolder(key)?.Caller : isLocal ? callers.FindLocal() : callers.Public;

    /// <summary>True when a caller meets one of <see cref="Policies"/>, as a route that names it would ask.</summary>
    public static bool Meets(Caller caller, string policy) => Policies.All.TryGetValue(policy, out var need) && need?.IsMetBy(caller) != false;

    /// <summary>From here on, in all that is awaited from here, he is <see cref="Caller.Current"/>.</summary>
    /// <param name="caller">What <see cref="Now"/> answered.</param>
    /// <param name="pathRead">What he reads; null when he writes.</param>
    public void Enter(Caller caller, string? pathRead) => Caller.Enter(new Asking(caller, from, pathRead, null));

    /// <summary>Takes one request from the share of his address and of his key.</summary>
    /// <returns>Null when it may go on; else how long to wait. A wait of more than a minute is a quota that is used up.</returns>
    public TimeSpan? Take()
    {
        if (limits.TakeAddress(from, null) is { } over)
        {
            return over.Wait;
        }

        if (key is null || callers.FindHolder(key)?.Use is not { } use)
        {
            return null;
        }

        try
        {
            use.Take(null);
            return null;
        }
        catch (UnavailableException tooMany)
        {
            return tooMany.RetryAfter;
        }
    }

    /// <summary>Records that he came in by a door that is no route; equal ones within a minute are one entry.</summary>
    public void CameIn(string door)
    {
        if (Now is { Kind: not CallerKind.Anonymous } caller)
        {
            tally.Note(caller.Entry($"login.{door}") with { Kind = door, Thing = caller.Id, IsPersonal = true, From = CallerAddress.Find(from) });
        }
    }

    /// <summary>Records that he was refused something; equal ones within a minute are one entry.</summary>
    /// <param name="door">The door, such as <c>mqtt</c>.</param>
    /// <param name="what">What he asked for.</param>
    /// <param name="code">The door's own number for it.</param>
    public void Refused(string door, string what, int code) => tally.Note((Now ?? callers.Public).Refusal() with
    {
        Kind = FormattableString.Invariant($"{door}-{code}"), Thing = what, From = CallerAddress.Find(from), Result = RecordEntry.Refused,
    });
}
