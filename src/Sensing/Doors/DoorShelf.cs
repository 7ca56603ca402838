using System.Globalization;
using System.Text;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Doors;

/// <summary>
/// The mappings: those that the program brings along, and those that operators wrote, which go before. They are read when
/// they are needed, and looked at again every few seconds, so that another node's change is seen here.
/// </summary>
internal sealed class DoorShelf(IDatabase database, Recorder recorder, IOptions<DoorsOptions> options, TimeProvider clock) : IReaction<StationsChanged>, IDisposable
{
    private const string Resources = "doors/";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <summary>What the program brings along, by name.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, (DoorMap Map, string Yaml)>> Brought = new(() => Shipped().ToDictionary(one => one.Map.Name));

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile State state = new(new Dictionary<string, Door>(), DateTimeOffset.MinValue);

    /// <summary>Every door, by name.</summary>
    public async ValueTask<IReadOnlyDictionary<string, Door>> All(CancellationToken cancel)
    {
        if (clock.GetUtcNow() - state.At >= Fresh)
        {
            await Look(cancel);
        }

        return state.Doors;
    }

    public async ValueTask<Door> Get(string name, CancellationToken cancel) => (await All(cancel)).TryGetValue(name, out var door) ? door : throw NoDoor(name);

    /// <summary>Stores a mapping under its name; answers whether it is a new door.</summary>
    public async Task<bool> Put(string name, string yaml, CancellationToken cancel)
    {
        Demand();
        var map = DoorMapReader.Read(yaml);
        if (map.Name != name)
        {
            throw new InvalidInputException("name", $"is '{map.Name}', but the door is '{name}'");
        }

        var isNew = await database.Write(
            async scope =>
            {
                var before = await scope.Connection.ExecuteScalarAsync<string?>("SELECT mapping FROM door_mappings WHERE door = @name", new { name }, scope.Transaction);
                if (before is null && await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM door_mappings", transaction: scope.Transaction) >= options.Value.MostDoors)
                {
                    throw new CityRuleException("too-many-doors", string.Create(CultureInfo.InvariantCulture, $"There are {options.Value.MostDoors} doors already; delete one first."), 409);
                }

                await scope.Connection.ExecuteAsync(
                    """
                    INSERT INTO door_mappings AS m (door, version, mapping, changed_at) VALUES (@name, 1, @yaml, @at)
                    ON CONFLICT (door) DO UPDATE SET version = m.version + 1, mapping = excluded.mapping, changed_at = excluded.changed_at
                    """,
                    new { name, yaml, at = clock.GetUtcNow().ToMicros() },
                    scope.Transaction);
                before ??= Brought.Value.TryGetValue(name, out var shipped) ? shipped.Yaml : null;
                await recorder.Record(scope, Entry("door.change", name) with { Before = Bytes(before), After = Bytes(yaml) });
                return before is null;
            },
            cancel);
        await Look(cancel);
        return isNew;
    }

    /// <summary>Takes a mapping away; a door that the program brings along is then as it was shipped.</summary>
    public async Task Delete(string name, CancellationToken cancel)
    {
        Demand();
        await database.Write(
            async scope =>
            {
                var before = await scope.Connection.ExecuteScalarAsync<string?>("DELETE FROM door_mappings WHERE door = @name RETURNING mapping", new { name }, scope.Transaction)
                    ?? throw (Brought.Value.ContainsKey(name) ? new CityRuleException("door-is-shipped", $"The door '{name}' comes with the program. Write it with 'open: false' to shut it.", 409) : NoDoor(name));
                await recorder.Record(scope, Entry("door.delete", name) with { Before = Bytes(before) });
            },
            cancel);
        await Look(cancel);
    }

    /// <summary>Mappings concern everybody who sends: they are changed by who runs the whole city, with the right to write what is its own and to decide who brings Things in.</summary>
    public static void Demand()
    {
        if (!MayRun)
        {
            throw new CityRuleException("forbidden", "Device doors are changed and looked into by the operators of the whole city.", 403);
        }
    }

    public static bool MayRun => Caller.Current.May(Act.Write, Kinds.Thing, null) && Caller.Current.May(Act.Manage, Kinds.Provider, null);

    public static RecordEntry Entry(string action, string door) => Caller.Current.Entry(action, Act.Manage, Kinds.Provider) with { Kind = "Doors", Thing = door };

    /// <summary>A Thing or Datastream came, went or was changed: which device is which is looked up again.</summary>
    public Task React(StationsChanged fact, CancellationToken cancel)
    {
        if (fact.EntitySet is "Things" or "Datastreams" or "ObservedProperties")
        {
            foreach (var door in state.Doors.Values)
            {
                door.ForgetAll();
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => reading.Dispose();

    private async Task Look(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        try
        {
            await using var read = await database.Read(cancel);
            var rows = await read.Connection.QueryAsync<(string Name, long Version, string Yaml)>("SELECT door, version, mapping FROM door_mappings", transaction: read.Transaction);
            var doors = Brought.Value.ToDictionary(one => one.Key, one => Known(one.Key, 0, one.Value.Yaml) ?? new Door(one.Value.Map, one.Value.Yaml, 0, true));
            foreach (var (name, version, yaml) in rows)
            {
                doors[name] = Known(name, version, yaml) ?? new Door(DoorMapReader.Read(yaml), yaml, version, Brought.Value.ContainsKey(name));
            }

            state = new State(doors, clock.GetUtcNow());
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>A door that did not change keeps what it knows of its devices.</summary>
    private Door? Known(string name, long version, string yaml) => state.Doors.TryGetValue(name, out var door) && door.Version == version && door.Yaml == yaml ? door : null;

    private static IEnumerable<(DoorMap Map, string Yaml)> Shipped()
    {
        var assembly = typeof(DoorShelf).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var yaml = text.ReadToEnd();
            yield return (DoorMapReader.Read(yaml), yaml);
        }
    }

    private static CityRuleException NoDoor(string name) => new("no-such-door", $"There is no device door '{(name.Length <= 60 ? name : name[..60] + "…")}'.", 404);

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private sealed record State(IReadOnlyDictionary<string, Door> Doors, DateTimeOffset At);
}
