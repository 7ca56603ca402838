using Madang.Trust.Accounts;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Privacy;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust;

/// <summary>Lets people in and out, and asks those who are in to prove again who they are.</summary>
public sealed class SignInDesk
{
    private readonly UserManager<Person> people;
    private readonly PasswordCheck passwords;
    private readonly PasskeyDesk passkeys;
    private readonly Entrance entrance;
    private readonly Attempts attempts;
    private readonly SessionStore sessions;
    private readonly SessionCookie cookie;
    private readonly Tickets tickets;
    private readonly Letters letters;
    private readonly Addresses addresses;
    private readonly Recorder recorder;
    private readonly Tally tally;

    internal SignInDesk(
        UserManager<Person> people, PasswordCheck passwords, PasskeyDesk passkeys, Entrance entrance, Attempts attempts, SessionStore sessions, SessionCookie cookie, Tickets tickets, Letters letters, Addresses addresses, Recorder recorder, Tally tally) =>
        (this.people, this.passwords, this.passkeys, this.entrance, this.attempts, this.sessions, this.cookie, this.tickets, this.letters, this.addresses, this.recorder, this.tally) =
        (people, passwords, passkeys, entrance, attempts, sessions, cookie, tickets, letters, addresses, recorder, tally);

    /// <summary>True when a password may be sent from here: over TLS, or on this machine.</summary>
    public bool IsSafe(HttpRequest request) => addresses.MaySignIn(request);

    /// <summary>Signs in with name and password.</summary>
    public async Task<SignInAnswer> ByPassword(HttpContext context, string name, string password, CancellationToken cancel)
    {
        if (name.Length is 0 or > 256 || password.Length is 0 or > PasswordRule.Longest * 2)
        {
            return new SignInAnswer(SignInOutcome.Wrong);
        }

        var counted = Attempts.SignIn(name);
        if (await attempts.Begin(counted, context.Connection.RemoteIpAddress, cancel) is { } wait)
        {
            return Wait(SignInMethod.Password, null, wait);
        }

        var person = await people.FindByNameAsync(name.Trim());
        if (!await passwords.IsRight(person, password))
        {
            return await Wrong(SignInMethod.Password, person?.Id);
        }

        await attempts.Succeeded(counted, cancel);
        if (person is { Email: { } email, EmailConfirmed: false })
        {
            if (await attempts.Begin(Attempts.Letter + person.Id, null, cancel) is not null)
            {
                return new SignInAnswer(SignInOutcome.Unconfirmed);
            }

            letters.Confirm(email, person.Language, await tickets.Make(TicketKind.Confirm, person.Id, "", TimeSpan.FromDays(TrustRules.UnconfirmedDays), cancel));
            return new SignInAnswer(SignInOutcome.Unconfirmed);
        }

        return await entrance.Admit(context, person!, SignInMethod.Password, cancel);
    }

    /// <summary>True when this browser's password was right and its second factor is waited for.</summary>
    public async Task<bool> WaitsForSecond(HttpContext context, CancellationToken cancel) => await tickets.Look(TicketKind.Second, Step(context), cancel) is not null;

    /// <summary>Signs in with a code of the app or a recovery code, after the password.</summary>
    public async Task<SignInAnswer> BySecond(HttpContext context, string code, CancellationToken cancel)
    {
        if (await tickets.Look(TicketKind.Second, Step(context), cancel) is not { Person: { } id } || await people.FindByIdAsync(id) is not { } person)
        {
            return new SignInAnswer(SignInOutcome.TooLate);
        }

        var (method, wait) = await TrySecond(context, person, code, cancel);
        if (method is null)
        {
            return wait is { } left ? Wait(SignInMethod.Totp, id, left) : await Wrong(SignInMethod.Totp, id);
        }

        if (await tickets.Take(TicketKind.Second, Step(context), cancel) is not { } first)
        {
            return new SignInAnswer(SignInOutcome.TooLate);
        }

        if (await entrance.Refuse(person, method) is { } refused)
        {
            return refused;
        }

        // A code alone is half a proof: the other half is what came before it.
        await entrance.Enter(context, person, method, Entrance.IsProof(first.Data), cancel);
        return new SignInAnswer(SignInOutcome.In);
    }

    /// <summary>Options for the browser's <c>navigator.credentials.get()</c>, as JSON; for the person who is signed in where there is one.</summary>
    public async Task<string> AskPasskey(HttpContext context, CancellationToken cancel) =>
        await passkeys.Ask(context, SignedIn.Of(context.User) is { } me ? await people.FindByIdAsync(me.Person) : null, cancel);

    /// <summary>Signs in with the browser's answer.</summary>
    public async Task<SignInAnswer> ByPasskey(HttpContext context, string credential, CancellationToken cancel)
    {
        if (await passkeys.Find(context, credential, cancel) is not { } person)
        {
            return await Wrong(SignInMethod.Passkey, null);
        }

        if (await entrance.Refuse(person, SignInMethod.Passkey) is { } refused)
        {
            return refused;
        }

        // A passkey is unlocked by face, finger or PIN: possession and person in one, so that no code is asked for.
        await entrance.Enter(context, person, SignInMethod.Passkey, isProof: true, cancel);
        return new SignInAnswer(SignInOutcome.In);
    }

    /// <summary>Proves again who is signed in, by password, and by a code where there is an app.</summary>
    public async Task<SignInAnswer> Prove(HttpContext context, SignedIn me, string password, string code, CancellationToken cancel)
    {
        if (await people.FindByIdAsync(me.Person) is not { } person || password.Length is 0 or > PasswordRule.Longest * 2)
        {
            return new SignInAnswer(SignInOutcome.Wrong);
        }

        if (await attempts.Begin("proof:" + person.Id, context.Connection.RemoteIpAddress, cancel) is { } wait)
        {
            return Wait(SignInMethod.Password, person.Id, wait);
        }

        string? second = null;
        if (!await passwords.IsRight(person, password) || (person.TotpSince is not null && (second = await entrance.FindSecond(person, code, cancel)) is null))
        {
            return await Wrong(SignInMethod.Password, person.Id);
        }

        await attempts.Succeeded("proof:" + person.Id, cancel);
        return await Renew(context, me, second, cancel);
    }

    /// <summary>Proves again who is signed in, by passkey.</summary>
    public async Task<SignInAnswer> ProveByPasskey(HttpContext context, SignedIn me, string credential, CancellationToken cancel) =>
        await passkeys.Find(context, credential, cancel) is { } person && person.Id == me.Person ? await Renew(context, me, SignInMethod.Passkey, cancel) : await Wrong(SignInMethod.Passkey, me.Person);

    /// <summary>Ends the session of this browser.</summary>
    public async Task SignOut(HttpContext context, CancellationToken cancel)
    {
        if (SessionCookie.Read(context.Request) is { } token)
        {
            await sessions.End(token, cancel);
        }

        cookie.Delete(context);
    }

    private async Task<SignInAnswer> Wrong(string method, string? person)
    {
        await recorder.Record(AccountEntry.Failed(method, person));
        return new SignInAnswer(SignInOutcome.Wrong);
    }

    /// <summary>Whoever has to wait tries for free and as often as he likes: that is counted.</summary>
    private SignInAnswer Wait(string method, string? person, TimeSpan wait)
    {
        tally.Note(AccountEntry.Failed(method, person, "wait"));
        return new SignInAnswer(SignInOutcome.Wait, wait);
    }

    private static string? Step(HttpContext context) => SessionCookie.Read(context.Request, SessionCookie.Step);

    private async Task<(string? Method, TimeSpan? Wait)> TrySecond(HttpContext context, Person person, string code, CancellationToken cancel)
    {
        if (await attempts.Begin("second:" + person.Id, context.Connection.RemoteIpAddress, cancel) is { } wait)
        {
            return (null, wait);
        }

        var method = code.Length > 40 ? null : await entrance.FindSecond(person, code, cancel);
        if (method is not null)
        {
            await attempts.Succeeded("second:" + person.Id, cancel);
        }

        return (method, null);
    }

    private async Task<SignInAnswer> Renew(HttpContext context, SignedIn me, string? method, CancellationToken cancel)
    {
        if (await sessions.Renew(me.Session, method, cancel) is not { } token)
        {
            return new SignInAnswer(SignInOutcome.TooLate);
        }

        cookie.Write(context, token);
        cookie.Delete(context, SessionCookie.Step);
        return new SignInAnswer(SignInOutcome.In);
    }
}
