using System.Diagnostics;
using System.Net;
using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>Who a caller is.</summary>
public enum CallerKind
{
    /// <summary>Nobody who said who he is.</summary>
    Anonymous,

    /// <summary>A process on the server's own machine, where <see cref="TrustOptions.Open"/> lets it in, or the city itself at work.</summary>
    Local,

    /// <summary>A device or application with a key.</summary>
    Key,

    /// <summary>A person who signed in.</summary>
    Person,
}

/// <summary>
/// Who asks, and what he may do. It goes with the request through everything that is awaited, so that a query needs no
/// hint whose it is; whoever works for nobody (a loop in the background) is <see cref="Nobody"/> and sees what is public.
/// </summary>
public sealed class Caller
{
    private static readonly AsyncLocal<Asking?> Ambient = new();

    private readonly House house;
    private readonly List<Permission> permissions;
    private readonly HashSet<long> hidden;

    internal Caller(CallerKind kind, string id, House house, IEnumerable<Permission> permissions, long? provider = null)
    {
        (Kind, Id, Provider) = (kind, id, provider);
        (this.house, this.permissions) = (house, [.. permissions]);
        var unread = house.Providers.Values.Where(each => !each.IsPublic && !May(Act.Read, Kinds.Thing, each.Id)).Select(each => each.Id).ToList();
        UnreadIds = unread.Count == 0 ? null : string.Join(',', unread.Order());
        hidden = [.. house.Providers.Values.Where(each => !each.IsPublic && !May(Act.Read, Kinds.Thing, each.Id) && !May(Act.Write, Kinds.Thing, each.Id) && !May(Act.Command, Kinds.Thing, each.Id)).Select(each => each.Id)];
        SeesHidden = kind != CallerKind.Anonymous && house.Providers.Values.Any(each => !each.IsPublic && !hidden.Contains(each.Id));
        ReadsHidden = kind != CallerKind.Anonymous && house.Providers.Values.Any(each => !each.IsPublic && !unread.Contains(each.Id));
        HiddenIds = hidden.Count == 0 ? null : string.Join(',', hidden.Order());
    }

    /// <summary>Who is nobody in any house: he may do nothing. What the public sees of a house is asked of <see cref="Visibility"/>.</summary>
    public static Caller Nobody { get; } = new(CallerKind.Anonymous, "anonymous", House.Empty, []);

    /// <summary>Who asks now; <see cref="Nobody"/> outside of any request.</summary>
    public static Caller Current => Ambient.Value?.By ?? Nobody;

    /// <summary>The person who signed in, or who showed a key, and sent a request; <see cref="Current"/> for all others. It is known still when an answer about a failure is written.</summary>
    public static Caller Of(Microsoft.AspNetCore.Http.HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<Caller>() ?? (context.User.Identity as CallerIdentity)?.Caller ?? Current;
    }

    /// <summary>Who asks now; null outside of any request.</summary>
    internal static Caller? Told => Ambient.Value?.By;

    /// <summary>What kind of caller this is.</summary>
    public CallerKind Kind { get; }

    /// <summary><c>anonymous</c>, <c>local</c>, <c>key:…</c> or <c>person:…</c>.</summary>
    public string Id { get; }

    /// <summary>The provider whose own the Things he makes become; null when they are the city's.</summary>
    public long? Provider { get; }

    /// <summary>True for a person whose roles sleep, because the session was begun with one factor alone (<see cref="AccountsOptions.SecondFactor"/>).</summary>
    public bool LacksSecondFactor { get; internal init; }

    /// <summary>The providers whose Things he may not see, as a list for SQL; null when there is none. Whoever may write or command a Thing sees it while he does so, and reads nothing of it.</summary>
    internal string? HiddenIds { get; }

    /// <summary>The providers whose Things he may not read, as a list for SQL; to write to them is another matter. Null when there is none.</summary>
    internal string? UnreadIds { get; }

    /// <summary>True when he sees what the public does not.</summary>
    public bool SeesHidden { get; }

    /// <summary>True when he reads what the public does not; who only writes to it, or commands it, does not.</summary>
    internal bool ReadsHidden { get; }

    /// <summary>True when he may do it to at least one such thing: enough to enter a route, which then asks about the thing.</summary>
    public bool MaySomewhere(Act act, string kind) => permissions.Exists(permission => permission.Act == act && permission.Kind == kind);

    /// <summary>True when he may do it to what a provider brought in; null is what belongs to the city itself.</summary>
    public bool May(Act act, string kind, long? provider)
    {
        foreach (var permission in permissions)
        {
            if (permission.Act == act && permission.Kind == kind && permission.Reaches(house, provider))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True when he may do it in a department; null is the whole city.</summary>
    public bool MayIn(Act act, string kind, long? department) =>
        permissions.Exists(permission => permission.Act == act && permission.Kind == kind && permission.ReachesDepartment(house, department));

    /// <summary>True when he may see what a provider brought in.</summary>
    public bool MaySee(long? provider) => provider is not { } id || (house.Providers.ContainsKey(id) && !hidden.Contains(id));

    /// <summary>True when he may read what a provider brought in, as a query by <see cref="Visibility"/> would have it: a key that only writes reads nothing of what is not public.</summary>
    public bool MayRead(long? provider) => provider is not { } id || (house.Providers.TryGetValue(id, out var known) && (known.IsPublic || May(Act.Read, Kinds.Thing, id)));

    /// <summary>
    /// An entry of the record for what this caller does now: who, in which role and for what purpose (those of the permission
    /// that lets him do it in this department or to what this provider brought in), from where, and the trace.
    /// </summary>
    /// <param name="action">A short word such as <c>thing.create</c>; see <see cref="RecordEntry"/>.</param>
    /// <param name="act">What he does; null where no permission is asked for.</param>
    /// <param name="kind">The kind of thing that the permission speaks of.</param>
    /// <param name="provider">Whose it is; null for the city's own, and where it is not about a provider's.</param>
    /// <param name="department">The department it is about.</param>
    public RecordEntry Entry(string action, Act? act = null, string? kind = null, long? provider = null, long? department = null)
    {
        var used = act is null ? null : Permit(act.Value, kind, each => department is null ? each.Reaches(house, provider) : each.ReachesDepartment(house, department)) ?? Permit(act.Value, kind, _ => true);
        return new RecordEntry(action)
        {
            Who = Id, Role = used?.Role, Purpose = used?.Purpose, Kind = kind,
            From = CallerAddress.Find(Address), Trace = Activity.Current?.TraceId.ToString() ?? Ambient.Value?.Trace,
        };
    }

    /// <summary>An entry for what this caller was not let do: in which of his roles nobody knows, so that all are told.</summary>
    internal RecordEntry Refusal() => Entry("refusal") with { Role = permissions.Count == 0 ? null : string.Join(", ", permissions.Select(permission => permission.Role).Distinct().Order(StringComparer.Ordinal)) };

    /// <summary>The address that asks now; null outside of any request.</summary>
    public static IPAddress? Address => Ambient.Value?.Address;

    /// <summary>The path that is read now; null when nothing is only read.</summary>
    internal static string? PathRead => Ambient.Value?.PathRead;

    /// <summary>From here on, in all that is awaited from here, this is who asks.</summary>
    internal static void Enter(Asking asking) => Ambient.Value = asking;

    private Permission? Permit(Act act, string? kind, Predicate<Permission> reaches) => permissions.Find(permission => permission.Act == act && permission.Kind == kind && reaches(permission));
}
