using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Privacy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust;

/// <summary>Somebody who is invited to a role.</summary>
/// <param name="Person">The person's id.</param>
/// <param name="Grant">The role, which waits until the account is open.</param>
/// <param name="IsNew">False for who had an account already: the role is there at once.</param>
public sealed record Invited(string Person, Grant Grant, bool IsNew);

/// <summary>Invites people by letter to a role. The link of the letter opens the account; until then nobody can sign in with it.</summary>
public sealed class InvitationDesk
{
    private readonly UserManager<Person> people;
    private readonly PeopleDesk desk;
    private readonly Grants grants;
    private readonly Entrance entrance;
    private readonly Tickets tickets;
    private readonly Letters letters;
    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal InvitationDesk(
        UserManager<Person> people, PeopleDesk desk, Grants grants, Entrance entrance, Tickets tickets, Letters letters, IDatabase database, Recorder recorder, TimeProvider clock) =>
        (this.people, this.desk, this.grants, this.entrance, this.tickets, this.letters, this.database, this.recorder, this.clock) = (people, desk, grants, entrance, tickets, letters, database, recorder, clock);

    /// <summary>Invites an address to a role. Who has an account already gets the role at once, and a letter that says so.</summary>
    /// <param name="name">What the person is called.</param>
    /// <param name="email">The address.</param>
    /// <param name="role">The role's code.</param>
    /// <param name="department">In which department; null for the whole city.</param>
    /// <param name="purpose">What for, in words.</param>
    /// <param name="until">Until when; null for until it is ended.</param>
    /// <param name="language">The language of the letter: <c>ko</c> or <c>en</c>.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<Invited> Invite(string? name, string? email, string? role, long? department, string? purpose, DateTimeOffset? until, string language, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Kinds.Person, department);
        Rules.Demand(Act.Manage, Kinds.Department, department);
        var called = AccountDesk.Name(name ?? "") ?? throw new InvalidInputException("name", "is required: 1 to 80 characters on one line");
        var address = JoinDesk.Address(email ?? "") ?? throw new InvalidInputException("email", "is no address of e-mail");
        grants.Judge(role, department, until);
        Rules.Purpose(purpose);
        var known = await people.FindByEmailAsync(address);
        var person = known ?? await Make(called, address, language);
        var given = await grants.GiveInvited(person.Id, role, department, purpose, until, cancel);
        await recorder.Record(PeopleDesk.Entry("person.invite", Act.Manage, person.Id, department));
        if (known is { EmailConfirmed: true })
        {
            letters.NewRole(address, person.Language, NameOf(given, person.Language));
        }
        else
        {
            await Write(person, given, cancel);
        }

        return new Invited(person.Id, given, known is null);
    }

    /// <summary>Sends the letter once more, with another link: of the invitation, or the one that proves the address.</summary>
    public async Task Resend(string id, CancellationToken cancel)
    {
        var person = await desk.Managed(id);
        if (person.Email is not { } address || person.EmailConfirmed)
        {
            throw new CityRuleException("already-confirmed", "This person opened the letter already.");
        }

        await recorder.Record(PeopleDesk.Entry("person.resend", Act.Manage, id));
        if (person.PasswordHash is not null)
        {
            letters.Confirm(address, person.Language, await tickets.Make(TicketKind.Confirm, id, "", TimeSpan.FromDays(TrustRules.UnconfirmedDays), cancel));
            return;
        }

        // The account waits as long as the new letter is good.
        person.Made = clock.GetUtcNow().ToMicros();
        if (!(await people.UpdateAsync(person)).Succeeded)
        {
            throw new CityRuleException("changed", "The account was changed at the same time; try again.");
        }

        await Write(person, grants.List(id) is [var first, ..] ? first : null, cancel);
    }

    /// <summary>Takes an invitation back that nobody opened yet: the account and its roles are no more.</summary>
    public async Task Withdraw(string id, CancellationToken cancel)
    {
        var person = await desk.Managed(id);
        if (person.EmailConfirmed || person.PasswordHash is not null || person.IsDemo)
        {
            throw new CityRuleException("already-confirmed", "This person opened the letter already.");
        }

        foreach (var grant in grants.List(id))
        {
            await grants.End(grant.Id, cancel);
        }

        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("DELETE FROM trust_person WHERE id = @id AND email_confirmed = @no AND password_hash IS NULL", new { id, no = false }, scope.Transaction);
                await recorder.Record(scope, PeopleDesk.Entry("person.withdraw", Act.Manage, id));
            },
            cancel);
    }

    /// <summary>Who the link of such a letter is for; null when it is good no more.</summary>
    public async Task<(string Name, string Mail)?> Look(string? token, CancellationToken cancel) =>
        await Find(token, cancel) is { } person ? (person.Name, person.Email!) : null;

    /// <summary>Opens the account and signs in. <c>late</c>, <c>name</c>, <c>short</c>, <c>long</c>, <c>guessed</c>.</summary>
    public async Task<string?> Accept(HttpContext context, string token, string name, string password, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (await Find(token, cancel) is not { } person)
        {
            return "late";
        }

        if ((AccountDesk.Name(name) is null ? "name" : PasswordRule.Judge(password, name, person.Email)) is { } wrong)
        {
            return wrong;
        }

        if (await tickets.Take(TicketKind.Invite, token, cancel) is null)
        {
            return "late";
        }

        (person.Name, person.EmailConfirmed, person.PasswordHash, person.PasswordChanged) = (AccountDesk.Name(name)!, true, people.PasswordHasher.HashPassword(person, password), clock.GetUtcNow().ToMicros());
        if (!(await people.UpdateAsync(person)).Succeeded)
        {
            return "late";
        }

        await entrance.Enter(context, person, SignInMethod.Link, isProof: true, cancel);
        return null;
    }

    private static string NameOf(Grant? grant, string language) => grant is null ? "" : Role.Find(grant.Role) is var role && language == "en" ? role!.NameEn : role!.NameKo;

    /// <summary>Whoever was locked out meanwhile, or opened the account in another way, is not let in by an old letter.</summary>
    private async Task<Person?> Find(string? token, CancellationToken cancel) =>
        await tickets.Look(TicketKind.Invite, token, cancel) is { Person: { } id } && await people.FindByIdAsync(id) is { EmailConfirmed: false, LockedAt: null, Email: not null } person ? person : null;

    private async Task<Person> Make(string name, string address, string language)
    {
        var person = new Person { Name = name, UserName = address, Email = address, Language = language == "en" ? "en" : "ko", Made = clock.GetUtcNow().ToMicros() };
        return (await people.CreateAsync(person)).Succeeded ? person : throw new CityRuleException("email-taken", "There is an account with this address already.");
    }

    private async Task Write(Person person, Grant? grant, CancellationToken cancel) =>
        letters.Invite(person.Email!, person.Language, NameOf(grant, person.Language), await tickets.Make(TicketKind.Invite, person.Id, "", TimeSpan.FromDays(TrustRules.UnconfirmedDays), cancel));
}
