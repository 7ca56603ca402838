using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust.Accounts.SignIn;

/// <summary>Where a person who proved who it is becomes a session, and where a second factor is asked for.</summary>
internal sealed class Entrance(UserManager<Person> people, SessionStore sessions, SessionCookie cookie, Tickets tickets, RecoveryCodes recovery, Recorder recorder, TimeProvider clock)
{
    private static readonly TimeSpan StepLife = TimeSpan.FromMinutes(10);

    /// <summary>Lets somebody in, or asks for the second factor where there is one.</summary>
    public async Task<SignInAnswer> Admit(HttpContext context, Person person, string method, CancellationToken cancel)
    {
        if (await Refuse(person, method) is { } refused)
        {
            return refused;
        }

        if (person.TotpSince is null)
        {
            await Enter(context, person, method, IsProof(method), cancel);
            return new SignInAnswer(SignInOutcome.In);
        }

        cookie.Write(context, await tickets.Make(TicketKind.Second, person.Id, method, StepLife, cancel), SessionCookie.Step);
        return new SignInAnswer(SignInOutcome.SecondFactor);
    }

    /// <summary>
    /// Whether who came in this way has proved it as dangerous acts ask for. Coming from another provider proves it not: the
    /// provider may let in whoever sits at a browser that somebody left there.
    /// </summary>
    public static bool IsProof(string method) => method != SignInMethod.External;

    /// <summary>The answer to somebody who is locked out; null for who may come in.</summary>
    public async Task<SignInAnswer?> Refuse(Person person, string method)
    {
        if (person.LockedAt is null)
        {
            return null;
        }

        await recorder.Record(AccountEntry.Failed(method, person.Id, "locked"));
        return new SignInAnswer(SignInOutcome.Locked);
    }

    /// <summary>Begins a session; whatever session the browser had before ends.</summary>
    public async Task Enter(HttpContext context, Person person, string method, bool isProof, CancellationToken cancel)
    {
        if (SessionCookie.Read(context.Request) is { } old)
        {
            await sessions.End(old, cancel);
        }

        var agent = Agent.Words(context.Request.Headers.UserAgent);
        cookie.Write(context, await sessions.Begin(person.Id, method, isProof, context.Connection.RemoteIpAddress?.ToString(), agent, cancel));
        cookie.Delete(context, SessionCookie.Step);
    }

    /// <summary>The way in when the code is the app's or a recovery code; null when it is neither. Either is good once.</summary>
    public async Task<string?> FindSecond(Person person, string code, CancellationToken cancel)
    {
        if (person is { TotpKey: { } key, TotpSince: not null } && Totp.Find(key, code, clock.GetUtcNow(), person.TotpStep) is { } step)
        {
            person.TotpStep = step;
            // Of two requests with the same code the second fails here, by the person's concurrency stamp.
            return (await people.UpdateAsync(person)).Succeeded ? SignInMethod.Totp : null;
        }

        return await recovery.Take(person.Id, code, cancel) ? SignInMethod.Recovery : null;
    }
}
