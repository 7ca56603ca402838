using System.Text;
using Madang.Kernel;
using Madang.Sensing.Doors;
using Madang.Sensing.Ingest;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing;

/// <summary>
/// Device doors: a vendor's own payload becomes Observations by a mapping. What does not fit is kept with its reason, for an
/// operator to see and to send once more. Everything happens in the name of <see cref="Caller.Current"/>.
/// </summary>
public sealed class DeviceDoors
{
    /// <summary>The most kept payloads on one page.</summary>
    public const int MostListed = 50;

    /// <summary>The most kept payloads that one call sends once more.</summary>
    public const int MostReplayed = 500;

    private readonly IDatabase database;
    private readonly DoorShelf shelf;
    private readonly DoorFlow flow;
    private readonly DeviceBook devices;
    private readonly DoorCounts counts;
    private readonly Recorder recorder;
    private readonly DoorsOptions limits;
    private readonly TimeProvider clock;

    internal DeviceDoors(IDatabase database, DoorShelf shelf, DoorFlow flow, DeviceBook devices, DoorCounts counts, Recorder recorder, IOptions<DoorsOptions> limits, TimeProvider clock) =>
        (this.database, this.shelf, this.flow, this.devices, this.counts, this.recorder, this.limits, this.clock) = (database, shelf, flow, devices, counts, recorder, limits.Value, clock);

    /// <summary>True for who may change doors and see what was kept: who runs the whole city.</summary>
    public static bool MayRun => DoorShelf.MayRun;

    /// <summary>Every door, in order of name.</summary>
    public async Task<IReadOnlyList<DoorAbout>> List(CancellationToken cancel)
    {
        DoorShelf.Demand();
        await using var read = await database.Read(cancel);
        var all = await counts.Read(read);
        var about = new List<DoorAbout>();
        foreach (var (name, door) in (await shelf.All(cancel)).OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            var count = all.GetValueOrDefault(name);
            var (waiting, bytes) = await KeptRows.Total(read, name);
            about.Add(new DoorAbout(name, door.Map.About, door.Map.IsOpen, door.IsShipped, door.Version, door.Yaml, door.Map.Format.IsCsv ? "csv" : "json")
            {
                Received = count.Received, Stored = count.Stored, Kept = count.Kept, Dropped = count.Dropped, Repeated = count.Repeated, HeardAt = count.Heard is { } heard ? IsoTime.FromMicros(heard) : null, Waiting = waiting, WaitingBytes = bytes,
            });
        }

        return about;
    }

    /// <summary>One door; null when there is none of this name.</summary>
    public async Task<DoorAbout?> Find(string name, CancellationToken cancel) => (await List(cancel)).FirstOrDefault(door => door.Name == name);

    /// <summary>The name that a mapping gives itself; a mapping with mistakes is refused as by <see cref="Put"/>.</summary>
    public static string NameIn(string yaml) => DoorMapReader.Read(yaml).Name;

    /// <summary>Writes a mapping; what is wrong with it is told by line and key. True for a new door.</summary>
    public Task<bool> Put(string name, string yaml, CancellationToken cancel) => shelf.Put(name, yaml, cancel);

    /// <summary>Takes a mapping away; what the program brings along stands again.</summary>
    public Task Delete(string name, CancellationToken cancel) => shelf.Delete(name, cancel);

    /// <summary>
    /// Takes a payload in: what fits is stored, and durable when this returns; what does not is kept. Refused with 503 when
    /// too much waits to be stored. The content type may be null, where a transport has none; a text that is UTF-8 whatever the mapping says is told by <paramref name="isUtf8"/>.
    /// </summary>
    internal async Task<DoorAnswer> Receive(string door, ReadOnlyMemory<byte> payload, bool isUtf8, string? contentType, IdempotencyKey? key, CancellationToken cancel)
    {
        if (!Caller.Current.MaySomewhere(Act.Write, Kinds.Thing))
        {
            throw new CityRuleException("forbidden", "Who sends through a device door needs the right to write Observations.", 403);
        }

        var open = await shelf.Get(door, cancel);
        Check(open, payload, contentType);
        var (now, provider) = (clock.GetUtcNow(), Caller.Current.Provider);
        var passed = await flow.Pass(open, payload, isUtf8, now, null, key, cancel);
        var (ids, dropped) = passed.Unfit.Count == 0 ? ([], 0) : await database.Write(scope => KeptRows.Keep(scope, limits, door, now, provider, passed.Unfit, key, isOnce: open.Map.Time.IsOwn), cancel);
        counts.Add(door, new Count(Math.Max(passed.Records, 1), passed.Stored.Count, passed.Unfit.Count, dropped, now.ToMicros(), passed.Repeated));
        return new DoorAnswer(passed.Records, passed.Stored, [.. passed.Unfit.Zip(ids, (unfit, id) => new KeptRecord(id, unfit.Number, unfit.Device, unfit.Reason))], passed.Repeated);
    }

    /// <summary>What a payload would become by a mapping that need not be stored yet; null for the door's own.</summary>
    public async Task<DoorPreview> Preview(string door, string? yaml, ReadOnlyMemory<byte> payload, bool isUtf8, CancellationToken cancel)
    {
        var looked = yaml is null ? await shelf.Get(door, cancel) : new Door(DoorMapReader.Read(yaml), yaml, 0, false);
        List<SortedRecord> sorted;
        try
        {
            sorted = flow.Sort(looked.Map, payload, isUtf8, clock.GetUtcNow(), null);
        }
        catch (UnreadableException broken)
        {
            return new DoorPreview(0, [], 0, [new KeptRecord(0, 0, null, broken.Message)], 1);
        }

        var found = await devices.Find(looked, [.. sorted.Where(record => record.Trouble is null).Select(record => record.Device!).Distinct()], cancel);
        var shown = new PreviewSheet(looked.Map);
        foreach (var record in sorted)
        {
            shown.Add(record, record.Device is { } device && found.TryGetValue(device, out var things) ? things : []);
        }

        return shown.Finish(sorted.Count);
    }

    /// <summary>The newest of what a door keeps, those before an id; that somebody looked is recorded, since payloads may hold anything.</summary>
    public async Task<IReadOnlyList<KeptPayload>> ListKept(string door, long? before, CancellationToken cancel)
    {
        DoorShelf.Demand();
        await shelf.Get(door, cancel);
        IReadOnlyList<KeptRow> rows;
        await using (var read = await database.Read(cancel))
        {
            rows = await KeptRows.List(read, door, before ?? long.MaxValue, MostListed);
        }

        if (rows.Count > 0)
        {
            await recorder.Record(DoorShelf.Entry("door.kept.read", door));
        }

        return [.. rows.Select(row => new KeptPayload(row.Id, IsoTime.FromMicros(row.At), row.Device, row.Reason, row.Only, row.Payload is null ? null : Encoding.UTF8.GetString(row.Payload), row.Size))];
    }

    /// <summary>Sends one kept payload once more through the door as it is now; what still does not fit is kept again under a new id.</summary>
    public async Task<DoorAnswer> Replay(string door, long id, CancellationToken cancel)
    {
        DoorShelf.Demand();
        var open = await shelf.Get(door, cancel);
        KeptRow row;
        await using (var read = await database.Read(cancel))
        {
            row = await KeptRows.Find(read, door, id) ?? throw new CityRuleException("no-such-payload", "This payload is not kept any more.", 404);
        }

        return await Replay(open, row, cancel);
    }

    /// <summary>Sends what a door keeps once more, oldest first, at most <see cref="MostReplayed"/>.</summary>
    public async Task<Replayed> ReplayAll(string door, CancellationToken cancel)
    {
        DoorShelf.Demand();
        var open = await shelf.Get(door, cancel);
        IReadOnlyList<long> ids;
        await using (var read = await database.Read(cancel))
        {
            ids = await KeptRows.Ids(read, door, MostReplayed + 1);
        }

        var (tried, stored, kept) = (0, 0, 0);
        foreach (var id in ids.Take(MostReplayed))
        {
            KeptRow? row;
            await using (var read = await database.Read(cancel))
            {
                row = await KeptRows.Find(read, door, id);
            }

            if (row is not null)
            {
                var answer = await Replay(open, row, cancel);
                (tried, stored, kept) = (tried + 1, stored + answer.Stored.Count, kept + (answer.Kept.Count > 0 ? 1 : 0));
            }
        }

        return new Replayed(tried, stored, kept, ids.Count <= MostReplayed);
    }

    /// <summary>Destroys one kept payload, or all of a door; answers how many.</summary>
    public async Task<int> DeleteKept(string door, long? id, CancellationToken cancel)
    {
        DoorShelf.Demand();
        await shelf.Get(door, cancel);
        return await database.Write(
            async scope =>
            {
                var count = id is { } one ? await KeptRows.Delete(scope, door, one) : await KeptRows.DeleteAll(scope, door);
                await recorder.Record(scope, DoorShelf.Entry("door.kept.delete", FormattableString.Invariant($"{door} ({count})")));
                return count;
            },
            cancel);
    }

    private async Task<DoorAnswer> Replay(Door open, KeptRow row, CancellationToken cancel)
    {
        if (row.Payload is null)
        {
            throw new CityRuleException("payload-too-large", "Of this payload only the reason was kept; it has to be sent again by its device.", 409);
        }

        // By this key what was stored by a replay that did not come to its end is not stored a second time.
        var key = new IdempotencyKey(FormattableString.Invariant($"door-kept/{row.Id}"), "replay");
        var passed = await flow.Pass(open, row.Payload, row.IsUtf8 == 1, IsoTime.FromMicros(row.At), row.Only, key, cancel);
        var kept = await database.Write(
            async scope =>
            {
                await KeptRows.Delete(scope, open.Name, row.Id);
                await recorder.Record(scope, DoorShelf.Entry("door.kept.replay", FormattableString.Invariant($"{open.Name} {row.Id}")));
                return await KeptRows.Keep(scope, limits, open.Name, IsoTime.FromMicros(row.At), row.Provider, passed.Unfit, null, isOnce: false);
            },
            cancel);
        counts.Add(open.Name, new Count(0, passed.Stored.Count, 0, kept.Dropped, null, passed.Repeated));
        return new DoorAnswer(passed.Records, passed.Stored, [.. passed.Unfit.Zip(kept.Ids, (unfit, id) => new KeptRecord(id, unfit.Number, unfit.Device, unfit.Reason))], passed.Repeated);
    }

    private static void Check(Door door, ReadOnlyMemory<byte> payload, string? contentType)
    {
        if (!door.Map.IsOpen)
        {
            throw new CityRuleException("door-is-shut", $"The device door '{door.Name}' is shut.", 409);
        }

        if (payload.IsEmpty)
        {
            throw new InvalidInputException("body", "is empty");
        }

        var type = contentType?.Split(';')[0].Trim().ToLowerInvariant();
        var isJson = type is "application/json" || type?.EndsWith("+json", StringComparison.Ordinal) == true;
        if ((isJson && door.Map.Format.IsCsv) || (type == "text/csv" && !door.Map.Format.IsCsv))
        {
            throw new InvalidInputException("Content-Type", $"is {type}, but what comes through this door is {(door.Map.Format.IsCsv ? "text/csv" : "application/json")}", 415);
        }

        if (!isJson && type is not (null or "" or "text/csv" or "text/plain" or "application/octet-stream"))
        {
            throw new InvalidInputException("Content-Type", "must be application/json, text/csv or text/plain", 415);
        }
    }
}
