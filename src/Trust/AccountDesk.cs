using System.Buffers.Text;
using Madang.Kernel;
using Madang.Trust.Accounts;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust;

/// <summary>
/// What a person does with the own account. Dangerous acts ask for a fresh proof and answer <c>stale</c> without one; other
/// answers are <c>null</c> for done, or a word for what is wrong.
/// </summary>
public sealed class AccountDesk
{
    /// <summary>A proof older than <see cref="SignedIn.FreshFor"/>.</summary>
    public const string Stale = "stale";

    private const int LongestName = 80, MostPasskeys = 20;

    private static readonly TimeSpan AddressLife = TimeSpan.FromDays(1);

    private readonly UserManager<Person> people;
    private readonly PasskeyDesk passkeys;
    private readonly RecoveryCodes recovery;
    private readonly SessionStore sessions;
    private readonly Tickets tickets;
    private readonly Letters letters;
    private readonly PasswordCheck passwords;
    private readonly Attempts attempts;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal AccountDesk(
        UserManager<Person> people, PasskeyDesk passkeys, RecoveryCodes recovery, SessionStore sessions, Tickets tickets, Letters letters, PasswordCheck passwords, Attempts attempts, Recorder recorder, TimeProvider clock) =>
        (this.people, this.passkeys, this.recovery, this.sessions, this.tickets, this.letters, this.passwords, this.attempts, this.recorder, this.clock) =
        (people, passkeys, recovery, sessions, tickets, letters, passwords, attempts, recorder, clock);

    /// <summary>The account of who is signed in.</summary>
    public async Task<Account> Get(SignedIn me, CancellationToken cancel)
    {
        var person = await Person(me);
        var keys = (await people.GetPasskeysAsync(person)).OrderBy(key => key.CreatedAt).Select(key => new Passkey(Base64Url.EncodeToString(key.CredentialId), key.Name ?? "", key.CreatedAt, key.IsBackedUp));
        var links = (await people.GetLoginsAsync(person)).Select(login => login.LoginProvider);
        return new Account(
            person.Id, person.UserName!, person.Name, person.Email, person.IsDemo, person.StartingRole, IsoTime.FromMicros(person.Made), Moment(person.PasswordChanged), Moment(person.TotpSince),
            await recovery.Left(person.Id, cancel), [.. keys], [.. links]);
    }

    /// <summary>Changes what the person is called: <c>name</c> when that is no name.</summary>
    public async Task<string?> Rename(SignedIn me, string name)
    {
        if (Name(name) is not { } good)
        {
            return "name";
        }

        var person = await Person(me);
        person.Name = good;
        return await Save(person);
    }

    /// <summary>
    /// Sets a new password and ends every other session, and whatever was begun with the old one: <c>short</c>, <c>long</c>,
    /// <c>guessed</c>, <c>stale</c>; <c>wrong</c> or <c>wait</c> where the one before is asked for and not told.
    /// </summary>
    /// <param name="me">Who is signed in.</param>
    /// <param name="old">The password before; of no account to whoever has none.</param>
    /// <param name="password">The new one.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<string?> ChangePassword(SignedIn me, string old, string password, CancellationToken cancel)
    {
        var person = await Person(me);
        if ((IsStale(me) ? Stale : PasswordRule.Judge(password, person.Name, person.Email, person.UserName)) is { } wrong)
        {
            return wrong;
        }

        if (person.PasswordHash is not null && await FindWrongWith(person, old, cancel) is { } unproved)
        {
            return unproved;
        }

        person.PasswordHash = people.PasswordHasher.HashPassword(person, password);
        person.PasswordChanged = clock.GetUtcNow().ToMicros();
        if (await Save(person) is { } unsaved)
        {
            return unsaved;
        }

        await tickets.Forget(person.Id, cancel);
        return await Told(person, me.Session, "비밀번호가 바뀌었고, 다른 기기에서는 모두 로그아웃되었습니다.", "The password was changed, and every other device was signed out.", cancel);
    }

    /// <summary>Asks for another address: a letter goes there, and the address changes when its link is opened. <c>email</c>, <c>stale</c>, <c>wait</c> after too many letters.</summary>
    public async Task<string?> ChangeAddress(SignedIn me, string email, CancellationToken cancel)
    {
        if (IsStale(me))
        {
            return Stale;
        }

        if (JoinDesk.Address(email) is not { } good)
        {
            return "email";
        }

        var person = await Person(me);
        if (await attempts.Begin(Attempts.Letter + person.Id, Caller.Address, cancel) is not null)
        {
            return "wait";
        }

        var token = await tickets.Make(TicketKind.Address, person.Id, good, AddressLife, cancel);
        // Whether the address is somebody else's is found out by its owner alone, when the link is opened.
        letters.NewAddress(good, person.Language, token);
        return null;
    }

    /// <summary>Opens the link of such a letter: <c>late</c>, or <c>taken</c> when the address has an account.</summary>
    public async Task<string?> ConfirmAddress(SignedIn me, string token, CancellationToken cancel)
    {
        if (await tickets.Look(TicketKind.Address, token, cancel) is not { } ticket || ticket.Person != me.Person || await tickets.Take(TicketKind.Address, token, cancel) is null)
        {
            return "late";
        }

        if (await people.FindByEmailAsync(ticket.Data) is not null)
        {
            return "taken";
        }

        var person = await Person(me);
        var old = person.Email;
        (person.UserName, person.Email, person.EmailConfirmed) = (ticket.Data, ticket.Data, true);
        var wrong = await Save(person);
        if (wrong is null)
        {
            letters.Changed(old, person.Language, "계정의 이메일 주소가 바뀌었습니다.", "The e-mail address of your account was changed.");
        }

        return wrong;
    }

    /// <summary>A new secret for an authenticator app; it is asked for only after <see cref="ConfirmTotp"/>. Null without a fresh proof.</summary>
    public async Task<TotpSetup?> StartTotp(SignedIn me, string issuer)
    {
        var person = await Person(me);
        if (person.TotpSince is not null || await LacksProof(me, person))
        {
            return null;
        }

        person.TotpKey ??= Totp.MakeKey();
        await Save(person);
        return TotpSetup.Draw(person.TotpKey, Totp.Address(issuer, person.UserName!, person.TotpKey));
    }

    /// <summary>Turns the app on when its code is right, and answers the recovery codes; null when it is wrong or the proof is stale.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmTotp(SignedIn me, string code, CancellationToken cancel)
    {
        var person = await Person(me);
        if (await LacksProof(me, person) || person.TotpSince is not null || person.TotpKey is not { } key || Totp.Find(key, code, clock.GetUtcNow(), person.TotpStep) is not { } step)
        {
            return null;
        }

        (person.TotpSince, person.TotpStep) = (clock.GetUtcNow().ToMicros(), step);
        if (await Save(person) is not null)
        {
            return null;
        }

        await sessions.Strengthen(me.Session, SignInMethod.Totp, cancel);
        await Told(person, me.Session, "인증 앱이 켜졌습니다.", "An authenticator app was turned on.", cancel);
        return await recovery.Make(person.Id, cancel);
    }

    /// <summary>Turns the app off and takes the recovery codes away.</summary>
    public async Task<string?> StopTotp(SignedIn me, CancellationToken cancel)
    {
        if (IsStale(me))
        {
            return Stale;
        }

        var person = await Person(me);
        (person.TotpKey, person.TotpSince) = (null, null);
        await recovery.Clear(person.Id, cancel);
        if (await Save(person) is { } problem)
        {
            return problem;
        }

        await WeakenWithoutFactor(person, cancel);
        return await Told(person, me.Session, "인증 앱이 꺼졌습니다.", "The authenticator app was turned off.", cancel);
    }

    /// <summary>New recovery codes in place of the old; null without an app or without a fresh proof.</summary>
    public async Task<IReadOnlyList<string>?> MakeRecoveryCodes(SignedIn me, CancellationToken cancel) =>
        IsStale(me) || (await Person(me)).TotpSince is null ? null : await recovery.Make(me.Person, cancel);

    /// <summary>Options for <c>navigator.credentials.create()</c>, as JSON; null without a fresh proof, or when there are 20 passkeys.</summary>
    public async Task<string?> OfferPasskey(HttpContext context, SignedIn me, CancellationToken cancel)
    {
        var person = await Person(me);
        return await LacksProof(me, person) || (await people.GetPasskeysAsync(person)).Count >= MostPasskeys ? null : await passkeys.Offer(context, person, cancel);
    }

    /// <summary>Keeps the passkey that was made: <c>passkey</c> when it is no good, <c>stale</c>.</summary>
    public async Task<string?> AddPasskey(HttpContext context, SignedIn me, string credential, string name, CancellationToken cancel)
    {
        var person = await Person(me);
        if (await LacksProof(me, person))
        {
            return Stale;
        }

        if (!await passkeys.Add(context, person, credential, Name(name) ?? Accounts.Sessions.Agent.Words(context.Request.Headers.UserAgent), cancel))
        {
            return "passkey";
        }

        await sessions.Strengthen(me.Session, SignInMethod.Passkey, cancel);
        return await Told(person, null, "패스키가 추가되었습니다.", "A passkey was added.", cancel);
    }

    /// <summary>Takes a passkey away: <c>last-way</c> when nothing else lets in, <c>stale</c>.</summary>
    public async Task<string?> RemovePasskey(SignedIn me, string id, CancellationToken cancel)
    {
        var person = await Person(me);
        if (await LacksProof(me, person))
        {
            return Stale;
        }

        if (!Base64Url.IsValid(id))
        {
            return "passkey";
        }

        if (person.PasswordHash is null && (await people.GetPasskeysAsync(person)).Count == 1 && (await people.GetLoginsAsync(person)).Count == 0)
        {
            return "last-way";
        }

        await people.RemovePasskeyAsync(person, Base64Url.DecodeFromChars(id));
        await WeakenWithoutFactor(person, cancel);
        return await Told(person, null, "패스키가 삭제되었습니다.", "A passkey was removed.", cancel);
    }

    /// <summary>Who has no second factor left has no session that proved one: his roles sleep again.</summary>
    private async Task WeakenWithoutFactor(Person person, CancellationToken cancel)
    {
        if (person.TotpSince is null && (await people.GetPasskeysAsync(person)).Count == 0)
        {
            await sessions.Weaken(person.Id, cancel);
        }
    }

    /// <summary>Unlinks an account elsewhere: <c>last-way</c> when nothing else lets in, <c>stale</c>.</summary>
    public async Task<string?> Unlink(SignedIn me, string provider)
    {
        if (IsStale(me))
        {
            return Stale;
        }

        var person = await Person(me);
        var logins = await people.GetLoginsAsync(person);
        if (person.PasswordHash is null && logins.Count == 1 && (await people.GetPasskeysAsync(person)).Count == 0)
        {
            return "last-way";
        }

        foreach (var login in logins.Where(login => login.LoginProvider == provider))
        {
            await people.RemoveLoginAsync(person, login.LoginProvider, login.ProviderKey);
        }

        return null;
    }

    /// <summary>The devices on which the person is signed in.</summary>
    public Task<IReadOnlyList<Session>> ListSessions(SignedIn me, CancellationToken cancel) => sessions.List(me.Person, cancel);

    /// <summary>Ends a session of the person's own; <c>stale</c> without a fresh proof.</summary>
    public async Task<string?> EndSession(SignedIn me, string id, CancellationToken cancel)
    {
        if (IsStale(me))
        {
            return Stale;
        }

        await sessions.EndOne(me.Person, id, cancel);
        return null;
    }

    /// <summary>Ends every session but this one; <c>stale</c> without a fresh proof.</summary>
    public async Task<string?> EndOtherSessions(SignedIn me, CancellationToken cancel)
    {
        if (IsStale(me))
        {
            return Stale;
        }

        await sessions.EndOthers(me.Person, me.Session, cancel);
        return null;
    }

    /// <summary>A name of one line, up to 80 letters; null when it is none.</summary>
    internal static string? Name(string text) => text.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? name : null;

    private static DateTimeOffset? Moment(long? micros) => micros is { } known ? IsoTime.FromMicros(known) : null;

    /// <summary>Null when it is the person's password; guesses are counted with those of a proof.</summary>
    private async Task<string?> FindWrongWith(Person person, string password, CancellationToken cancel)
    {
        var counted = "proof:" + person.Id;
        if (await attempts.Begin(counted, Caller.Address, cancel) is not null)
        {
            return "wait";
        }

        if (password.Length is 0 or > PasswordRule.Longest * 2 || !await passwords.IsRight(person, password))
        {
            await recorder.Record(AccountEntry.Of("account.password", person.Id) with { Result = RecordEntry.Refused });
            return "wrong";
        }

        await attempts.Succeeded(counted, cancel);
        return null;
    }

    /// <summary>Besides a fresh proof whoever has a passkey shows it before second factors come or go; else a password alone would make one of its own and wake roles.</summary>
    private async Task<bool> LacksProof(SignedIn me, Person person) => IsStale(me) || (!me.IsStrong && (await people.GetPasskeysAsync(person)).Count > 0);

    private bool IsStale(SignedIn me) => !me.IsFresh(clock.GetUtcNow());

    private async Task<Person> Person(SignedIn me) =>
        await people.FindByIdAsync(me.Person) ?? throw new CityRuleException("account-gone", "This account is no more.", 404);

    /// <summary><c>changed</c> when somebody else changed the account at the same time.</summary>
    private async Task<string?> Save(Person person) => (await people.UpdateAsync(person)).Succeeded ? null : "changed";

    /// <summary>Writes to the owner, and ends the other sessions when one is to be kept.</summary>
    private async Task<string?> Told(Person person, string? keep, string korean, string english, CancellationToken cancel)
    {
        if (keep is not null)
        {
            await sessions.EndOthers(person.Id, keep, cancel);
        }

        letters.Changed(person.EmailConfirmed ? person.Email : null, person.Language, korean, english);
        return null;
    }
}
