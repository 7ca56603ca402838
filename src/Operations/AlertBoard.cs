using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Madang.Operations.Automations;

namespace Madang.Operations;

/// <summary>What is in force, for everybody who asks where he is: read from the store once a second at most, however many ask.</summary>
public sealed class AlertBoard
{
    /// <summary>So long a reading is given to all; a page is at most so much behind the store.</summary>
    public static readonly TimeSpan Shared = TimeSpan.FromSeconds(1);

    private readonly AlertDesk desk;
    private readonly NoticeRows notices;
    private readonly TimeProvider clock;
    private readonly Reading?[] last = new Reading?[2];

    internal AlertBoard(AlertDesk desk, NoticeRows notices, TimeProvider clock) => (this.desk, this.notices, this.clock) = (desk, notices, clock);

    /// <summary>The alerts of public rules that are in force in a world, for areas before single places and the gravest first; the same for every caller. What is worked on (maintenance) is left out.</summary>
    public Task<AlertsInForce> Read(CityData data, CancellationToken cancel)
    {
        ref var place = ref last[(int)data];
        var seen = Volatile.Read(ref place);
        if (seen is null || clock.GetElapsedTime(seen.At) >= Shared || seen.Alerts is { IsValueCreated: true, Value.IsFaulted: true })
        {
            // Not ended with the reader who came first: others wait for the same.
            var next = new Reading(clock.GetTimestamp(), new Lazy<Task<AlertsInForce>>(() => Make(data, CancellationToken.None)));
            var winner = Interlocked.CompareExchange(ref place, next, seen);
            seen = winner == seen ? next : winner!;
        }

        return seen.Alerts.Value.WaitAsync(cancel);
    }

    private async Task<AlertsInForce> Make(CityData data, CancellationToken cancel)
    {
        var open = await desk.ListInForce(data, cancel);
        var told = await notices.List(data, cancel);
        var said = string.Join('\n', open.Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Alert.Id} {each.Step} {each.Alert.ChangedAt:O} {each.Alert.Subjects}")).Concat(told.Select(notice => string.Create(CultureInfo.InvariantCulture, $"notice {notice.Id}"))));
        return new AlertsInForce(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..16], open) { Notices = told };
    }

    private sealed record Reading(long At, Lazy<Task<AlertsInForce>> Alerts);
}

/// <summary>All that is in force.</summary>
/// <param name="Id">Another one whenever anything of it changes.</param>
/// <param name="Alerts">The gravest first; at most <see cref="AlertDesk.MostAtOnce"/>.</param>
public sealed record AlertsInForce(string Id, IReadOnlyList<AlertInForce> Alerts)
{
    /// <summary>What everybody is told beside them, the newest first.</summary>
    public IReadOnlyList<CityNotice> Notices { get; init; } = [];
}

/// <summary>An alert in force, and where it holds.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Says">Its rule in plain words.</param>
/// <param name="Measure">The measure that its rule watches; null for none.</param>
/// <param name="Step">Its level as a number, 1 for the lowest.</param>
/// <param name="Districts">The codes of the districts for which it holds; null for the whole city, none where it holds at single places.</param>
public sealed record AlertInForce(Alert Alert, RuleText Says, string? Measure, int Step, IReadOnlyList<string>? Districts)
{
    /// <summary>True when it holds in a district.</summary>
    public bool HoldsIn(string district) => Districts?.Contains(district) ?? true;
}
