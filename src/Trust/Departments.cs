using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>The departments of the city: a tree that is re-organised now and then, and remembers how it was.</summary>
public sealed class Departments
{
    /// <summary>The most versions of a department that are told.</summary>
    public const int MostVersions = 100;

    private const string Image = "SELECT * FROM trust_departments d JOIN trust_department_versions v ON v.department_id = d.id WHERE d.id = @id AND v.to_time IS NULL ORDER BY v.from_time";

    private readonly HouseKeeper keeper;
    private readonly IDatabase database;

    internal Departments(HouseKeeper keeper, IDatabase database) => (this.keeper, this.database) = (keeper, database);

    /// <summary>The departments in order of their codes; at a moment of the past those that worked then, as they were.</summary>
    public async Task<IReadOnlyList<Department>> List(DateTimeOffset? at, CancellationToken cancel)
    {
        if (!Caller.Current.MaySomewhere(Act.Read, Kinds.Department) && !Caller.Current.MaySomewhere(Act.Manage, Kinds.Department))
        {
            throw Rules.Forbidden();
        }

        await using var read = await database.Read(cancel);
        return [.. await HouseRows.Departments(read, at)];
    }

    /// <summary>How a department was called and where it stood, the latest first, up to <see cref="MostVersions"/>.</summary>
    public async Task<IReadOnlyList<DepartmentVersion>> ListVersions(long id, CancellationToken cancel)
    {
        Get(id);
        await using var read = await database.Read(cancel);
        return await HouseRows.Versions(read, id, MostVersions);
    }

    /// <summary>The departments that work and in which the caller may do it, in order of their codes.</summary>
    public IReadOnlyList<Department> ListWhere(Act act, string kind) =>
        [.. keeper.House.Departments.Values.Where(each => each.ClosedAt is null && Caller.Current.MayIn(act, kind, each.Id)).OrderBy(each => each.Code, StringComparer.Ordinal)];

    /// <summary>What a department is called, for whoever sees something of it; null when there is none.</summary>
    public Department? Find(long id) => keeper.House.Departments.GetValueOrDefault(id);

    /// <summary>The department that does today what this one did: itself while it works, or the last of its successors.</summary>
    public long Heir(long id) => keeper.House.Heir(id);

    /// <summary>A department, also one that is closed.</summary>
    public Department Get(long id) =>
        !Caller.Current.MaySomewhere(Act.Read, Kinds.Department) && !Caller.Current.MaySomewhere(Act.Manage, Kinds.Department) ? throw Rules.Forbidden()
        : keeper.House.Departments.TryGetValue(id, out var known) ? known
        : throw Rules.Missing("department");

    /// <summary>Makes a department; at the top when it has no parent.</summary>
    public async Task<Department> Make(string? code, string? nameKo, string? nameEn, long? parent, CancellationToken cancel)
    {
        Rules.Demand(Act.Manage, Kinds.Department, parent);
        (code, nameKo, nameEn) = (Rules.Code(code), Rules.Text(nameKo, "nameKo"), Rules.Text(nameEn, "nameEn"));
        Open(parent, "parent");
        var id = await keeper.Change(
            new Deed(Entry("department.make", parent), Image),
            async (scope, now) =>
            {
                var made = await scope.Connection.ExecuteScalarAsync<long?>(
                    "INSERT INTO trust_departments (code, made_at) VALUES (@code, @now) ON CONFLICT (code) DO NOTHING RETURNING id", new { code, now }, scope.Transaction)
                    ?? throw new CityRuleException("code-taken", $"There is a department '{code}' already.");
                await Version(scope, made, nameKo, nameEn, parent, now);
                return made;
            },
            cancel);
        return keeper.House.Departments[id];
    }

    /// <summary>Gives a department other names or another place in the tree, from now on.</summary>
    public async Task<Department> Change(long id, string? nameKo, string? nameEn, long? parent, CancellationToken cancel)
    {
        var known = Working(id);
        Rules.Demand(Act.Manage, Kinds.Department, id);
        if (parent != known.Parent)
        {
            Rules.Demand(Act.Manage, Kinds.Department, parent);
        }

        (nameKo, nameEn) = (Rules.Text(nameKo, "nameKo"), Rules.Text(nameEn, "nameEn"));
        Open(parent, "parent");
        if (parent is { } above && keeper.House.StandsUnder(above, id))
        {
            throw new InvalidInputException("parent", "is this department or one below it");
        }

        await keeper.Change(
            new Deed(Entry("department.change", id), Image, id),
            async (scope, now) =>
            {
                await scope.Connection.ExecuteAsync("UPDATE trust_department_versions SET to_time = @now WHERE department_id = @id AND to_time IS NULL", new { id, now }, scope.Transaction);
                await Version(scope, id, nameKo, nameEn, parent, now);
                return true;
            },
            cancel);
        return keeper.House.Departments[id];
    }

    /// <summary>Closes a department. What it owned, the departments below it and the roles in it pass on to its successor.</summary>
    public async Task<Department> Close(long id, long? successor, CancellationToken cancel)
    {
        Working(id);
        Rules.Demand(Act.Manage, Kinds.Department, id);
        if (successor is not { } heir)
        {
            throw new InvalidInputException("successor", "is required: the department that takes over what this one owns");
        }

        Rules.Demand(Act.Manage, Kinds.Department, heir);
        Open(heir, "successor");
        if (keeper.House.StandsUnder(heir, id))
        {
            throw new InvalidInputException("successor", "is this department or one below it");
        }

        await keeper.Change(
            new Deed(Entry("department.close", id), Image, id),
            (scope, now) => scope.Connection.ExecuteAsync("UPDATE trust_departments SET closed_at = @now, successor_id = @heir WHERE id = @id AND closed_at IS NULL", new { id, heir, now }, scope.Transaction),
            cancel);
        return keeper.House.Departments[id];
    }

    private static RecordEntry Entry(string action, long? department) => Caller.Current.Entry(action, Act.Manage, Kinds.Department, department: department);

    private static Task<int> Version(WriteScope scope, long id, string nameKo, string nameEn, long? parent, long now) => scope.Connection.ExecuteAsync(
        "INSERT INTO trust_department_versions (department_id, from_time, name_ko, name_en, parent_id) VALUES (@id, @now, @nameKo, @nameEn, @parent)", new { id, now, nameKo, nameEn, parent }, scope.Transaction);

    private Department Working(long id) =>
        !keeper.House.Departments.TryGetValue(id, out var known) ? throw Rules.Missing("department")
        : known.ClosedAt is null ? known : throw new CityRuleException("department-closed", $"The department '{known.Code}' is closed.");

    private void Open(long? id, string field)
    {
        if (id is { } asked && (!keeper.House.Departments.TryGetValue(asked, out var known) || known.ClosedAt is not null))
        {
            throw new InvalidInputException(field, "is no department that works");
        }
    }
}
