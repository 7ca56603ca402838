using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>The names of the authorisation policies. Every route group names one; without a name a route is denied.</summary>
public static class Policies
{
    /// <summary>Reading what is public: anybody. Rows that are not are left out by <see cref="Visibility"/>.</summary>
    public const string PublicRead = "public-read";

    /// <summary>Writing Things, Datastreams, Observations: who may write at least one Thing. Each entity is asked about again.</summary>
    public const string SensingWrite = "write:thing";

    /// <summary>Telling Things what to do: who may command at least one. Each is asked about again.</summary>
    public const string SensingCommand = "command:thing";

    /// <summary>Writing places and their shapes.</summary>
    public const string PlacesWrite = "write:place";

    /// <summary>Trying rules on what was, and writing them.</summary>
    public const string RulesWrite = "write:rule";

    /// <summary>Saying that one has seen an alert, and taking it upon oneself.</summary>
    public const string AlertsWrite = "write:alert";

    /// <summary>Handing in a warning of another agency.</summary>
    public const string WarningsWrite = "write:warning";

    /// <summary>Reading incidents, their reports and the tasks of scenarios.</summary>
    public const string IncidentsRead = "read:incident";

    /// <summary>Opening incidents, writing in them, starting scenarios and answering tasks.</summary>
    public const string IncidentsWrite = "write:incident";

    /// <summary>Handing in what a dispatch system says of its incidents.</summary>
    public const string DispatchWrite = "write:dispatch";

    /// <summary>Reading what the city does by itself, and what came of it.</summary>
    public const string AutomationsRead = "read:automation";

    /// <summary>Writing, reviewing and trying what the city does by itself, and taking it back.</summary>
    public const string AutomationsWrite = "write:automation";

    /// <summary>Reading the departments.</summary>
    public const string DepartmentsRead = "read:department";

    /// <summary>Changing departments, and giving roles in them.</summary>
    public const string DepartmentsManage = "manage:department";

    /// <summary>Reading who brings Things in.</summary>
    public const string ProvidersRead = "read:provider";

    /// <summary>Changing providers, and making their keys.</summary>
    public const string ProvidersManage = "manage:provider";

    /// <summary>Reading who has an account here. Whoever may in one department sees those who have a role there.</summary>
    public const string PeopleRead = "read:person";

    /// <summary>Inviting people, locking them out and letting them in again.</summary>
    public const string PeopleManage = "manage:person";

    /// <summary>Setting how often somebody may ask.</summary>
    public const string LimitsManage = "manage:limit";

    /// <summary>Reading the record, and what was destroyed.</summary>
    public const string RecordRead = "read:record";

    /// <summary>Taking the record out.</summary>
    public const string RecordExport = "export:record";

    /// <summary>Saying that a month of the record was looked through.</summary>
    public const string RecordManage = "manage:record";

    /// <summary>Pages of one's own account: whoever is signed in, each for himself, whatever his roles.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>What each policy asks for; null for what everybody may.</summary>
    internal static IReadOnlyDictionary<string, Need?> All { get; } = new Dictionary<string, Need?>
    {
        [PublicRead] = null,
        [SensingWrite] = new(Act.Write, Kinds.Thing),
        [SensingCommand] = new(Act.Command, Kinds.Thing),
        [PlacesWrite] = new(Act.Write, Kinds.Place),
        [RulesWrite] = new(Act.Write, Kinds.Rule),
        [AlertsWrite] = new(Act.Write, Kinds.Alert),
        [WarningsWrite] = new(Act.Write, Kinds.Warning),
        [IncidentsRead] = new(Act.Read, Kinds.Incident),
        [IncidentsWrite] = new(Act.Write, Kinds.Incident),
        [DispatchWrite] = new(Act.Write, Kinds.Dispatch),
        [AutomationsRead] = new(Act.Read, Kinds.Automation),
        [AutomationsWrite] = new(Act.Write, Kinds.Automation),
        [DepartmentsRead] = new(Act.Read, Kinds.Department),
        [DepartmentsManage] = new(Act.Manage, Kinds.Department),
        [ProvidersRead] = new(Act.Read, Kinds.Provider),
        [ProvidersManage] = new(Act.Manage, Kinds.Provider),
        [PeopleRead] = new(Act.Read, Kinds.Person),
        [PeopleManage] = new(Act.Manage, Kinds.Person),
        [LimitsManage] = new(Act.Manage, Kinds.Limit),
        [RecordRead] = new(Act.Read, Kinds.Record),
        [RecordExport] = new(Act.Export, Kinds.Record),
        [RecordManage] = new(Act.Manage, Kinds.Record),
        [SignedIn] = new(null, ""),
    };

    /// <summary>The codes of the roles that meet a policy, to tell somebody who is refused; none for a policy that no role is needed for.</summary>
    public static IReadOnlyList<string> RolesFor(string policy) =>
        All.TryGetValue(policy, out var need) && need is { Act: { } act, Kind: var kind } ? [.. Role.All.Where(role => role.Permissions.Contains((act, kind))).Select(role => role.Code)] : [];
}
