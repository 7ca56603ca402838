using System.Globalization;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations.Incidents;

/// <summary>Who may, writes; and whatever is written stands in the record too.</summary>
internal sealed class IncidentPen(IDatabase database, Recorder recorder, TimeProvider clock)
{
    public IDatabase Database => database;

    /// <summary>Now, in whole microseconds.</summary>
    public DateTimeOffset Now => IsoTime.FromMicros(clock.GetUtcNow().ToMicros());

    public static void Demand(Act act, string kind = Kinds.Incident)
    {
        if (!Caller.Current.MaySomewhere(act, kind))
        {
            throw new CityRuleException("not-allowed", act == Act.Read ? "You may not read incidents." : "You may not write in incidents.", 403);
        }
    }

    /// <summary>Changes something in one transaction with its entry in the record.</summary>
    /// <param name="action">The word of the record, such as <c>incident.open</c>.</param>
    /// <param name="change">Does it, and answers the number of the thing that was changed; null when nothing was.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    public Task<long?> Write(string action, Func<WriteScope, DateTimeOffset, Task<long?>> change, CancellationToken cancel) => Write(action, Kinds.Incident, change, cancel);

    /// <summary>The same for who may write a kind of thing.</summary>
    public Task<long?> Write(string action, string kind, Func<WriteScope, DateTimeOffset, Task<long?>> change, CancellationToken cancel)
    {
        Demand(Act.Write, kind);
        return database.Write(
            async scope =>
            {
                var changed = await change(scope, Now);
                if (changed is { } thing)
                {
                    await recorder.Record(scope, Caller.Current.Entry(action, Act.Write, kind) with { Kind = action.Split('.')[0], Thing = thing.ToString(CultureInfo.InvariantCulture) });
                }

                return changed;
            },
            cancel);
    }

    /// <summary>The same for an incident that is there, refused when it went into another, or, where <paramref name="openOnly"/>, is closed.</summary>
    public Task Write(string action, long id, bool openOnly, Func<WriteScope, IncidentRow, DateTimeOffset, Task> change, CancellationToken cancel) => Write(
        action,
        async (scope, now) =>
        {
            var row = openOnly ? await IncidentLedger.HoldOpen(scope, id) : await IncidentLedger.HoldOwn(scope, id);
            await change(scope, row, now);
            return id;
        },
        cancel);
}
