using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust;

/// <summary>
/// The people who have an account, for those who answer for them. Who may read people in one department sees those who have a
/// role there, and nothing of anybody else. Whatever is read or changed here is recorded.
/// </summary>
public sealed class PeopleDesk
{
    /// <summary>The most people of one page.</summary>
    public const int MostTop = 200;

    /// <summary>As many as a page holds when nobody says how many.</summary>
    public const int UsualTop = 50;

    /// <summary>The shortest and the longest text that is looked for.</summary>
    public const int ShortestText = 2, LongestText = 100;

    private const int LongestId = 64;

    private const string Image = "SELECT p.locked_at, (SELECT COUNT(*) FROM trust_session s WHERE s.person = p.id) AS sessions FROM trust_person p WHERE p.id = @id";

    /// <summary>What a name or another act was typed with, so that its wait can be ended.</summary>
    private static readonly string[] Waits = ["", "proof:", "second:", "confirm:", "reset:", "begin:", Attempts.Letter];

    private readonly HouseKeeper keeper;
    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly UserManager<Person> people;
    private readonly SessionStore sessions;
    private readonly Attempts attempts;
    private readonly Letters letters;
    private readonly TimeProvider clock;

    internal PeopleDesk(HouseKeeper keeper, IDatabase database, Recorder recorder, UserManager<Person> people, SessionStore sessions, Attempts attempts, Letters letters, TimeProvider clock) =>
        (this.keeper, this.database, this.recorder, this.people, this.sessions, this.attempts, this.letters, this.clock) = (keeper, database, recorder, people, sessions, attempts, letters, clock);

    /// <summary>A page of the people whom the caller may see, in order of their names.</summary>
    public async Task<PeoplePage> List(PeopleQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!Caller.Current.MaySomewhere(Act.Read, Kinds.Person))
        {
            throw Rules.Forbidden();
        }

        query = await Judge(query, cancel);
        var now = clock.GetUtcNow();
        IReadOnlyList<PersonRow> rows;
        await using (var read = await database.Read(cancel))
        {
            rows = await PeopleRows.List(read, database.Engine, query, Among(query.Department), now);
        }

        var lines = rows.Take(query.Top).Select(row => new PersonLine(row.Id, row.Name, Mask(row.Email), row.IsDemo, StateOf(row.LockedAt, row.IsDemo, row.EmailConfirmed, row.HasPassword), Seen(row.Id, now))).ToList();
        await Record("people.list", lines.Select(line => line.Id));
        return new PeoplePage(lines, rows.Count > query.Top ? lines[^1].Id : null);
    }

    /// <summary>A person; whom the caller may not see is not there.</summary>
    public async Task<PersonDetail> Get(string id, CancellationToken cancel)
    {
        var person = await Find(id, Act.Read);
        await Record("person.read", [person.Id]);
        var now = clock.GetUtcNow();
        var open = await sessions.List(person.Id, cancel);
        return new PersonDetail(
            person.Id, person.Name, person.Email, person.IsDemo, StateOf(person.LockedAt, person.IsDemo, person.EmailConfirmed, person.PasswordHash is not null), IsoTime.FromMicros(person.Made),
            person.LockedAt is { } locked ? IsoTime.FromMicros(locked) : null, await attempts.WaitsUntil(Attempts.SignIn(person.UserName!), cancel), person.TotpSince is not null || (await people.GetPasskeysAsync(person)).Count > 0,
            open.Count, open.Count > 0 ? open.Max(session => session.Seen) : null, Seen(person.Id, now), MayManage(person.Id));
    }

    /// <summary>Locks a person out and ends every session.</summary>
    public async Task Lock(string id, CancellationToken cancel)
    {
        var person = await Managed(id);
        await Change(
            "person.lock", person,
            """
            UPDATE trust_person SET locked_at = @now, concurrency_stamp = @stamp WHERE id = @id AND locked_at IS NULL;
            DELETE FROM trust_session WHERE person = @id
            """,
            cancel);
        letters.Changed(person.Email, person.Language, "관리자가 계정을 잠갔습니다. 문의는 소속 부서에 해 주십시오.", "An administrator locked your account. Please ask your department.");
    }

    /// <summary>Lets a person in again who was locked out, or who typed too many wrong passwords.</summary>
    public async Task Unlock(string id, CancellationToken cancel)
    {
        var person = await Managed(id);
        await Change("person.unlock", person, "UPDATE trust_person SET locked_at = NULL, concurrency_stamp = @stamp WHERE id = @id", cancel);
        foreach (var name in Waits.Select(wait => wait.Length == 0 ? Attempts.SignIn(person.UserName!) : wait + (wait == "reset:" ? person.Email : person.Id)))
        {
            await attempts.Succeeded(name, cancel);
        }
    }

    /// <summary>Signs a person out everywhere.</summary>
    public async Task EndSessions(string id, CancellationToken cancel)
    {
        var person = await Managed(id);
        await Change("person.sessions-end", person, "DELETE FROM trust_session WHERE person = @id", cancel);
    }

    /// <summary>A person whom the caller manages. Who answers for one department alone does not lock out who works in another as well.</summary>
    internal async Task<Person> Managed(string id)
    {
        var person = await Find(id, Act.Manage);
        return Caller.Current.Id == $"person:{person.Id}" ? throw new CityRuleException("own-account", "Nobody does this to the own account.", 403)
            : MayManage(person.Id) ? person
            : throw Rules.Forbidden();
    }

    /// <summary>The first letter and the host: enough to know one's colleagues apart, too little to write to them.</summary>
    internal static string? Mask(string? mail) => mail?.LastIndexOf('@') is > 0 and var at ? $"{mail[..1]}***{mail[at..]}" : null;

    internal static RecordEntry Entry(string action, Act act, string? person, long? department = null) =>
        Caller.Current.Entry(action, act, Kinds.Person, department: department) with { Thing = person is null ? null : $"person:{person}", IsPersonal = true };

    private static bool Sees(Act act, long? department) => Caller.Current.MayIn(act, Kinds.Person, department);

    private static PersonState StateOf(long? lockedAt, bool isDemo, bool isConfirmed, bool hasPassword) =>
        lockedAt is not null ? PersonState.Locked : isDemo || isConfirmed ? PersonState.Active : hasPassword ? PersonState.Unconfirmed : PersonState.Invited;

    /// <summary>The departments in one of which whoever is listed must have a role; null for anybody.</summary>
    private List<long>? Among(long? department)
    {
        var all = Sees(Act.Read, null);
        return all && department is null ? null
            : [.. keeper.House.Departments.Keys.Where(each => (all || Sees(Act.Read, each)) && (department is not { } asked || keeper.House.StandsUnder(each, asked)))];
    }

    private List<Grant> Seen(string person, DateTimeOffset now) => [.. keeper.House.GrantsOf(person, now).Where(grant => Sees(Act.Read, grant.Department))];

    private bool MayManage(string person) =>
        Caller.Current.Id != $"person:{person}"
        && (Sees(Act.Manage, null) || (keeper.House.GrantsOf(person, clock.GetUtcNow()).ToList() is { Count: > 0 } grants && grants.TrueForAll(grant => Sees(Act.Manage, grant.Department))));

    private async Task<PeopleQuery> Judge(PeopleQuery query, CancellationToken cancel)
    {
        var text = query.Text?.Trim() is { Length: > 0 } asked ? asked : null;
        if (text is { Length: < ShortestText or > LongestText })
        {
            throw new InvalidInputException("q", $"has {ShortestText} to {LongestText} characters");
        }

        if (query.Role is not null && Role.Find(query.Role) is null)
        {
            throw new InvalidInputException("role", $"is one of {string.Join(", ", Role.All.Select(each => each.Code))}");
        }

        if (query.Department is { } department && !keeper.House.Departments.ContainsKey(department))
        {
            throw new InvalidInputException("department", "is no department");
        }

        if (query.Top is < 1 or > MostTop)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostTop}");
        }

        if (query.After is { } after && (after.Length > LongestId || await people.FindByIdAsync(after) is null))
        {
            throw new InvalidInputException("after", "is not where a page ended; begin with the first");
        }

        cancel.ThrowIfCancellationRequested();
        return query with { Text = text };
    }

    private async Task<Person> Find(string id, Act act)
    {
        if (!Caller.Current.MaySomewhere(act, Kinds.Person))
        {
            throw Rules.Forbidden();
        }

        var person = id.Length > LongestId ? null : await people.FindByIdAsync(id);
        return person is not null && (Sees(act, null) || keeper.House.GrantsOf(id, clock.GetUtcNow()).Any(grant => Sees(act, grant.Department))) ? person : throw Rules.Missing("person");
    }

    /// <summary>One entry for each whose data was shown, so that each can be told who looked; one without anybody when nobody was found.</summary>
    private Task Record(string action, IEnumerable<string> shown)
    {
        var entries = shown.Select(person => Entry(action, Act.Read, person)).ToList();
        return recorder.Record(entries.Count > 0 ? entries : [Entry(action, Act.Read, null)]);
    }

    /// <summary>Another stamp, so that whoever saves the same person at the same moment does not undo it unseen.</summary>
    private Task Change(string action, Person person, string sql, CancellationToken cancel) => database.Write(
        async scope =>
        {
            var row = new { id = person.Id, now = clock.GetUtcNow().ToMicros(), stamp = Guid.NewGuid().ToString() };
            var before = await RowImage.Read(scope, Image, row);
            await scope.Connection.ExecuteAsync(sql, row, scope.Transaction);
            await recorder.Record(scope, Entry(action, Act.Manage, person.Id) with { Before = before, After = await RowImage.Read(scope, Image, row) });
        },
        cancel);
}
