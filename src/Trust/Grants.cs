using Dapper;
using Madang.Kernel;
using Madang.Trust.Access;
using Madang.Trust.Accounts.People;

namespace Madang.Trust;

/// <summary>Which roles people have in which departments.</summary>
public sealed class Grants
{
    private const string Image = "SELECT * FROM trust_grants WHERE id = @id";

    private readonly HouseKeeper keeper;
    private readonly TimeProvider clock;

    internal Grants(HouseKeeper keeper, TimeProvider clock) => (this.keeper, this.clock) = (keeper, clock);

    /// <summary>So many roles are listed at once.</summary>
    public const int MostListed = 1000;

    /// <summary>
    /// The roles that a person has now: all of them for himself, and for others those in departments that they manage. Of nobody
    /// in particular: everybody's, so that one given to a name that has no account yet is found too.
    /// </summary>
    /// <param name="person">Whose; null for everybody's.</param>
    /// <param name="after">Of everybody's, those with a greater id; at most <see cref="MostListed"/>, in order of their ids.</param>
    public IReadOnlyList<Grant> List(string? person, long after = 0)
    {
        var own = person is not null && Caller.Current.Id == $"person:{person}";
        if (!own && !Caller.Current.MaySomewhere(Act.Manage, Kinds.Department))
        {
            throw Rules.Forbidden();
        }

        var now = clock.GetUtcNow();
        return
        [
            .. (person is null ? keeper.House.ListGrants(now) : keeper.House.GrantsOf(person, now))
                .Where(grant => grant.Id > after && (own || Caller.Current.MayIn(Act.Manage, Kinds.Department, grant.Department))).OrderBy(grant => grant.Id).Take(MostListed),
        ];
    }

    /// <summary>Gives a person a role in a department (null: in the whole city) for a purpose, until a moment or until it is ended.</summary>
    public Task<Grant> Give(string? person, string? role, long? department, string? purpose, DateTimeOffset? until, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Kinds.Department, department);
        person = Rules.Text(person, "person");
        // A role in one's own department would open the page of anybody in the city: who does not work there yet is invited.
        if (Caller.Current.Id != $"person:{person}" && !Caller.Current.MayIn(Act.Manage, Kinds.Department, null)
            && !keeper.House.GrantsOf(person, clock.GetUtcNow()).Any(grant => Caller.Current.MayIn(Act.Manage, Kinds.Department, grant.Department)))
        {
            throw Rules.Missing("person");
        }

        return GiveInvited(person, role, department, purpose, until, cancel);
    }

    /// <summary>The same to whoever gets a letter about it at the address that the giver knew.</summary>
    internal Task<Grant> GiveInvited(string person, string? role, long? department, string? purpose, DateTimeOffset? until, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Kinds.Department, department);
        if (Caller.Current.Id == $"person:{person}")
        {
            throw new CityRuleException("own-role", "Nobody gives a role to himself.", 403);
        }

        return Store(person, role, department, Rules.Purpose(purpose), until, Caller.Current.Id, cancel);
    }

    /// <summary>Ends a role from now on.</summary>
    public async Task End(long id, CancellationToken cancel)
    {
        var known = keeper.House.FindGrant(id);
        if (known is null || !Caller.Current.MayIn(Act.Manage, Kinds.Department, known.Department))
        {
            throw Caller.Current.MaySomewhere(Act.Manage, Kinds.Department) ? Rules.Missing("role") : Rules.Forbidden();
        }

        if (IsLastAdministrator(known))
        {
            throw new CityRuleException("last-administrator", "The city would have nobody left who gives roles.");
        }

        await keeper.Change(
            new Deed(Entry("role.end", known.Person, known.Role, known.Department), Image, id),
            async (scope, now) =>
            {
                var changed = await scope.Connection.ExecuteAsync("UPDATE trust_grants SET to_time = @now, ended_by = @by WHERE id = @id", new { id, now, by = Caller.Current.Id }, scope.Transaction);
                if (known is { Role: "administrator", Department: null } && await Administrators.IsPerson(scope, known.Person) && !await Administrators.Exist(scope, now))
                {
                    throw new CityRuleException("last-administrator", "The city would have nobody left who gives roles.");
                }

                return changed;
            },
            cancel);
    }

    /// <summary>The role that the city itself gives: to its first administrator, and to the people of a demo.</summary>
    internal async Task<Grant> Store(string person, string? role, long? department, string purpose, DateTimeOffset? until, string by, CancellationToken cancel)
    {
        Judge(role, department, until);
        var entry = Entry("role.give", person, role!, department);
        var id = await keeper.Change(
            new Deed(by == Caller.Current.Id ? entry : entry with { Who = RecordEntry.Local, Purpose = by }, Image),
            (scope, now) => scope.Connection.ExecuteScalarAsync<long>(
                "INSERT INTO trust_grants (person, role, department_id, purpose, from_time, to_time, given_by) VALUES (@person, @role, @department, @purpose, @now, @until, @by) RETURNING id",
                new { person, role, department, purpose, now, until = until?.ToMicros(), by },
                scope.Transaction),
            cancel);
        return keeper.House.FindGrant(id)!;
    }

    /// <summary>True when it is the only role without an end that administers the whole city.</summary>
    private bool IsLastAdministrator(Grant grant) =>
        grant is { Role: "administrator", Department: null } && !keeper.House.ListGrants(clock.GetUtcNow()).Any(other => other is { Role: "administrator", Department: null, To: null } && other.Id != grant.Id);

    /// <summary>Refuses what is no role, no department or over already.</summary>
    internal void Judge(string? role, long? department, DateTimeOffset? until)
    {
        if (role is null || Role.Find(role) is null)
        {
            throw new InvalidInputException("role", $"is one of {string.Join(", ", Role.All.Select(each => each.Code))}");
        }

        if (department is { } asked && (!keeper.House.Departments.TryGetValue(asked, out var known) || known.ClosedAt is not null))
        {
            throw new InvalidInputException("department", "is no department that works");
        }

        if (until <= clock.GetUtcNow())
        {
            throw new InvalidInputException("until", "lies in the past");
        }
    }

    /// <summary>It is about the person; which role is told as what became of it.</summary>
    private static RecordEntry Entry(string action, string person, string role, long? department) =>
        Caller.Current.Entry(action, Act.Manage, Kinds.Department, department: department) with { Kind = "person", Thing = $"person:{person}", IsPersonal = true, Result = role };
}
