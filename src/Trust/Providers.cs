using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>Who brings Things in, and their projects.</summary>
public sealed class Providers
{
    private const string Image = "SELECT * FROM trust_providers WHERE id = @id";

    private readonly HouseKeeper keeper;

    internal Providers(HouseKeeper keeper) => this.keeper = keeper;

    /// <summary>Those the caller may read, in order of their codes.</summary>
    public IReadOnlyList<Provider> List()
    {
        if (!Caller.Current.MaySomewhere(Act.Read, Kinds.Provider) && !Caller.Current.MaySomewhere(Act.Manage, Kinds.Provider))
        {
            throw Rules.Forbidden();
        }

        return [.. keeper.House.Providers.Values.Where(MayRead).Select(Today).OrderBy(provider => provider.Code, StringComparer.Ordinal)];
    }

    /// <summary>A provider that the caller may read, also one that ended.</summary>
    public Provider Get(long id) => keeper.House.Providers.TryGetValue(id, out var known) && MayRead(known) ? Today(known) : throw Rules.Missing("provider");

    /// <summary>With the department that answers for it today: what a closed one owned has passed on.</summary>
    private Provider Today(Provider provider) => provider with { Department = keeper.House.Heir(provider.Department) };

    /// <summary>Makes a provider under a department, or a project under a provider.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="department">The department that answers for it; not said for a project, which has its provider's.</param>
    /// <param name="parent">The provider whose project it is.</param>
    /// <param name="isPublic">Whether everybody sees its Things. A project of a provider that is not public is not public either.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public async Task<Provider> Make(string? code, string? name, string? description, long? department, long? parent, bool isPublic, CancellationToken cancel)
    {
        var above = parent is { } asked ? Working(asked, "parent") : null;
        if (above is not null && department is not null && department != above.Department)
        {
            throw new InvalidInputException("department", "a project has the department of its provider");
        }

        if ((above?.Department ?? department) is not { } owner || !keeper.House.Departments.TryGetValue(owner, out var known) || (above is null && known.ClosedAt is not null))
        {
            throw new InvalidInputException("department", "is no department that works");
        }

        Rules.Demand(Act.Manage, Kinds.Provider, owner);
        (code, name, description) = (Rules.Code(code), Rules.Text(name, "name"), Rules.Optional(description, "description"));
        var id = await keeper.Change(
            new Deed(Entry("provider.make", owner), Image),
            async (scope, now) => await scope.Connection.ExecuteScalarAsync<long?>(
                "INSERT INTO trust_providers (code, name, description, department_id, parent_id, is_public, made_at) VALUES (@code, @name, @description, @owner, @parent, @open, @now) ON CONFLICT (code) DO NOTHING RETURNING id",
                new { code, name, description, owner, parent, open = isPublic && above is not { IsPublic: false }, now },
                scope.Transaction) ?? throw new CityRuleException("code-taken", $"There is a provider '{code}' already."),
            cancel);
        return keeper.House.Providers[id];
    }

    /// <summary>Changes what a provider is called, and whether everybody sees its Things (its projects follow when it hides).</summary>
    /// <param name="id">The provider's id.</param>
    /// <param name="name">What it is called now.</param>
    /// <param name="description">More about it; null for nothing.</param>
    /// <param name="open">Whether everybody sees it; null leaves that as it is.</param>
    /// <param name="cancel">Ends the work.</param>
    public async Task<Provider> Change(long id, string? name, string? description, bool? open, CancellationToken cancel)
    {
        var known = Managed(id);
        var isPublic = open ?? known.IsPublic;
        (name, description) = (Rules.Text(name, "name"), Rules.Optional(description, "description"));
        if (isPublic && known.Parent is { } parent && keeper.House.Providers[parent] is { IsPublic: false })
        {
            throw new CityRuleException("provider-hidden", "A project of a provider that is not public cannot be public.");
        }

        var family = keeper.House.Providers.Keys.Where(each => each == id || (!isPublic && keeper.House.IsWithin(each, id))).ToList();
        await keeper.Change(
            new Deed(Entry(isPublic == known.IsPublic ? "provider.change" : isPublic ? "provider.show" : "provider.hide", known.Department), Image, id),
            async (scope, _) =>
            {
                await scope.Connection.ExecuteAsync("UPDATE trust_providers SET name = @name, description = @description WHERE id = @id", new { id, name, description }, scope.Transaction);
                return await scope.Connection.ExecuteAsync(
                    $"UPDATE trust_providers SET is_public = @isPublic WHERE {scope.Engine.IsAmong("id", "@family")}", new { isPublic, family = scope.Engine.Ids(family) }, scope.Transaction);
            },
            cancel);
        return keeper.House.Providers[id];
    }

    /// <summary>Ends a provider with its projects: their keys end, their Things stay.</summary>
    public async Task<Provider> Close(long id, CancellationToken cancel)
    {
        Managed(id);
        var family = keeper.House.Providers.Keys.Where(each => keeper.House.IsWithin(each, id)).ToList();
        await keeper.Change(
            new Deed(Entry("provider.close", keeper.House.Providers[id].Department), Image, id),
            async (scope, now) =>
            {
                var ids = scope.Engine.Ids(family);
                await scope.Connection.ExecuteAsync($"UPDATE trust_providers SET closed_at = @now WHERE closed_at IS NULL AND {scope.Engine.IsAmong("id", "@ids")}", new { now, ids }, scope.Transaction);
                return await scope.Connection.ExecuteAsync(
                    $"UPDATE trust_keys SET revoked_at = @now, revoked_by = @by WHERE revoked_at IS NULL AND {scope.Engine.IsAmong("provider_id", "@ids")}", new { now, ids, by = Caller.Current.Id }, scope.Transaction);
            },
            cancel);
        return keeper.House.Providers[id];
    }

    /// <summary>A provider that works and that the caller manages; one he may not read is not there.</summary>
    internal Provider Managed(long id)
    {
        if (!keeper.House.Providers.TryGetValue(id, out var known) || !MayRead(known))
        {
            throw Caller.Current.MaySomewhere(Act.Manage, Kinds.Provider) ? Rules.Missing("provider") : Rules.Forbidden();
        }

        Rules.Demand(Act.Manage, Kinds.Provider, known.Department);
        return known.ClosedAt is null ? known : throw new CityRuleException("provider-closed", $"The provider '{known.Code}' has ended.");
    }

    internal static bool MayRead(Provider provider) =>
        Caller.Current.MayIn(Act.Manage, Kinds.Provider, provider.Department) || Caller.Current.MayIn(Act.Read, Kinds.Provider, provider.Department);

    private static RecordEntry Entry(string action, long department) => Caller.Current.Entry(action, Act.Manage, Kinds.Provider, department: department);

    private Provider Working(long id, string field) =>
        keeper.House.Providers.TryGetValue(id, out var known) && known.ClosedAt is null && MayRead(known) ? known : throw new InvalidInputException(field, "is no provider that works");
}
