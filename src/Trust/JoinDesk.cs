using System.Net;
using Madang.Kernel;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>Makes accounts and brings back those who forgot the password. Nobody learns here who has an account.</summary>
public sealed class JoinDesk
{
    private const int LongestAddress = 254;

    private static readonly TimeSpan ResetLife = TimeSpan.FromMinutes(30);

    private readonly UserManager<Person> people;
    private readonly PasswordCheck passwords;
    private readonly Entrance entrance;
    private readonly SessionStore sessions;
    private readonly Tickets tickets;
    private readonly Attempts attempts;
    private readonly Letters letters;
    private readonly Grants grants;
    private readonly TimeProvider clock;
    private readonly IOptions<AccountsOptions> options;

    internal JoinDesk(
        UserManager<Person> people, PasswordCheck passwords, Entrance entrance, SessionStore sessions, Tickets tickets, Attempts attempts, Letters letters, Grants grants, TimeProvider clock, IOptions<AccountsOptions> options) =>
        (this.people, this.passwords, this.entrance, this.sessions, this.tickets, this.attempts, this.letters, this.grants, this.clock, this.options) =
        (people, passwords, entrance, sessions, tickets, attempts, letters, grants, clock, options);

    /// <summary>True when anybody may join.</summary>
    public bool IsOpen => options.Value.Join;

    /// <summary>The fewest letters of a password.</summary>
    public static int ShortestPassword => PasswordRule.Shortest;

    /// <summary>Asks to join: a letter goes to the address, whoever has it. <c>name</c>, <c>email</c>, <c>short</c>, <c>long</c>, <c>guessed</c>, or <c>wait</c> after too many.</summary>
    public async Task<string?> Join(string name, string email, string password, string language, IPAddress? from, CancellationToken cancel)
    {
        if (await Wrong(name, email, password, from, "join:", cancel) is { } wrong)
        {
            return wrong;
        }

        var address = Address(email)!;
        var known = await people.FindByEmailAsync(address);
        var person = known ?? New(language);
        // Hashed for those who have an account too: the answer takes as long.
        var hash = people.PasswordHasher.HashPassword(person, password);
        // Who was invited has no password yet: the account waits for the letter of the invitation, and takes no stranger's name.
        if (known is { EmailConfirmed: true } or { PasswordHash: null })
        {
            letters.AlreadyHere(address, known.Language);
            return null;
        }

        (person.Name, person.UserName, person.Email, person.PasswordHash, person.PasswordChanged) = (AccountDesk.Name(name)!, address, address, hash, clock.GetUtcNow().ToMicros());
        var saved = known is null ? await people.CreateAsync(person) : await people.UpdateAsync(person);
        if (saved.Succeeded)
        {
            letters.Confirm(address, person.Language, await tickets.Make(TicketKind.Confirm, person.Id, "", TimeSpan.FromDays(TrustRules.UnconfirmedDays), cancel));
        }

        return null;
    }

    /// <summary>
    /// Opens the link of the letter. The password is asked for once more: otherwise somebody could join with another's address
    /// and wait for its owner to open the link. <c>late</c>, <c>wrong</c>, <c>wait</c>.
    /// </summary>
    public async Task<string?> Confirm(HttpContext context, string token, string password, CancellationToken cancel)
    {
        if (await tickets.Look(TicketKind.Confirm, token, cancel) is not { Person: { } id } || await people.FindByIdAsync(id) is not { } person)
        {
            return "late";
        }

        if (await attempts.Begin("confirm:" + id, context.Connection.RemoteIpAddress, cancel) is not null)
        {
            return "wait";
        }

        if (!await passwords.IsRight(person, password))
        {
            return "wrong";
        }

        if (await tickets.Take(TicketKind.Confirm, token, cancel) is null)
        {
            return "late";
        }

        person.EmailConfirmed = true;
        if (!(await people.UpdateAsync(person)).Succeeded)
        {
            return "late";
        }

        await attempts.Succeeded("confirm:" + id, cancel);
        await entrance.Enter(context, person, SignInMethod.Link, isProof: true, cancel);
        return null;
    }

    /// <summary>Asks for a new password: a letter goes to the address when it has an account. <c>email</c>, <c>wait</c>.</summary>
    public async Task<string?> AskReset(string email, IPAddress? from, CancellationToken cancel)
    {
        if (Address(email) is not { } address)
        {
            return "email";
        }

        if (await attempts.Begin("reset:" + address, from, cancel) is not null)
        {
            return "wait";
        }

        if (await people.FindByEmailAsync(address) is { } person)
        {
            letters.Reset(address, person.Language, await tickets.Make(TicketKind.Reset, person.Id, "", ResetLife, cancel));
        }

        return null;
    }

    /// <summary>True when the link of such a letter is still good.</summary>
    public async Task<bool> MayReset(string? token, CancellationToken cancel) => await tickets.Look(TicketKind.Reset, token, cancel) is not null;

    /// <summary>Sets the new password and ends every session; whoever opened the letter has the address. <c>late</c>, <c>short</c>, <c>long</c>, <c>guessed</c>.</summary>
    public async Task<string?> Reset(string token, string password, CancellationToken cancel)
    {
        if (await tickets.Look(TicketKind.Reset, token, cancel) is not { Person: { } id } || await people.FindByIdAsync(id) is not { } person)
        {
            return "late";
        }

        if (PasswordRule.Judge(password, person.Name, person.Email) is { } wrong)
        {
            return wrong;
        }

        if (await tickets.Take(TicketKind.Reset, token, cancel) is null)
        {
            return "late";
        }

        (person.PasswordHash, person.PasswordChanged, person.EmailConfirmed) = (people.PasswordHasher.HashPassword(person, password), clock.GetUtcNow().ToMicros(), true);
        if (!(await people.UpdateAsync(person)).Succeeded)
        {
            return "late";
        }

        await tickets.Forget(person.Id, cancel);
        await sessions.EndOthers(person.Id, null, cancel);
        letters.Changed(person.Email, person.Language, "비밀번호가 바뀌었고, 모든 기기에서 로그아웃되었습니다.", "The password was changed, and every device was signed out.");
        return null;
    }

    /// <summary>True when the link that the first start printed is still good.</summary>
    public async Task<bool> MayBegin(string? token, CancellationToken cancel) => await tickets.Look(TicketKind.Administrator, token, cancel) is not null;

    /// <summary>
    /// Makes the first administrator and signs in. Who has an account with this address already shows its password, and becomes
    /// administrator with it: so a start that broke off between account and role is healed by the next link.
    /// <c>late</c>, <c>name</c>, <c>email</c>, <c>taken</c>, <c>wait</c>, <c>short</c>, <c>long</c>, <c>guessed</c>.
    /// </summary>
    public async Task<string?> Begin(HttpContext context, string token, string name, string email, string password, string language, CancellationToken cancel)
    {
        if (!await MayBegin(token, cancel))
        {
            return "late";
        }

        if (Judge(name, email, password) is { } wrong)
        {
            return wrong;
        }

        var address = Address(email)!;
        var known = await people.FindByEmailAsync(address);
        if (known is not null && await Foreign(known, password, context.Connection.RemoteIpAddress, cancel) is { } foreign)
        {
            return foreign;
        }

        if (await tickets.Take(TicketKind.Administrator, token, cancel) is null)
        {
            return "late";
        }

        if ((known ?? await MakeAdministrator(name, address, password, language)) is not { } person)
        {
            return "late";
        }

        await grants.Store(person.Id, "administrator", null, "첫 시작 (first start)", null, "first-start", CancellationToken.None);
        await entrance.Admit(context, person, SignInMethod.Link, cancel);
        return null;
    }

    /// <summary>An address of e-mail as it is kept; null when it is none.</summary>
    internal static string? Address(string text)
    {
        var address = text.Trim();
        var at = address.LastIndexOf('@');
        return address.Length <= LongestAddress && at is > 0 and <= 64 && address.IndexOf('@', StringComparison.Ordinal) == at && address.IndexOf('.', at) > at + 1
            && address[^1] != '.' && !address.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter) || letter is '<' or '>' or ',' or ';' or '"')
            ? address
            : null;
    }

    /// <summary>Null when the password is that account's.</summary>
    private async Task<string?> Foreign(Person known, string password, IPAddress? from, CancellationToken cancel)
    {
        if (await attempts.Begin("begin:" + known.Id, from, cancel) is not null)
        {
            return "wait";
        }

        if (known is not { EmailConfirmed: true, LockedAt: null } || !await passwords.IsRight(known, password))
        {
            return "taken";
        }

        await attempts.Succeeded("begin:" + known.Id, cancel);
        return null;
    }

    private async Task<Person?> MakeAdministrator(string name, string address, string password, string language)
    {
        var person = New(language);
        (person.Name, person.UserName, person.Email, person.EmailConfirmed, person.StartingRole) = (AccountDesk.Name(name)!, address, address, true, "administrator");
        (person.PasswordHash, person.PasswordChanged) = (people.PasswordHasher.HashPassword(person, password), person.Made);
        return (await people.CreateAsync(person)).Succeeded ? person : null;
    }

    private static string? Judge(string name, string email, string password) =>
        AccountDesk.Name(name) is null ? "name" : Address(email) is null ? "email" : PasswordRule.Judge(password, name, email);

    private async Task<string?> Wrong(string name, string email, string password, IPAddress? from, string purpose, CancellationToken cancel) =>
        Judge(name, email, password) ?? (await attempts.Begin(purpose + Address(email), from, cancel) is null ? null : "wait");

    private Person New(string language) => new() { Language = language == "en" ? "en" : "ko", Made = clock.GetUtcNow().ToMicros() };
}
