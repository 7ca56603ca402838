using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Lights;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>Street lights: what they tell, and telling one or a whole street how bright to be. A command is a Task like any other, and recorded as one.</summary>
public sealed class StreetLights
{
    /// <summary>The most lights that are listed, and told at once.</summary>
    public const int Most = 5_000;

    private readonly IDatabase database;
    private readonly LightReader reader;
    private readonly EntityCreator creator;
    private readonly Recorder recorder;

    internal StreetLights(IDatabase database, Visibility visibility, EntityCreator creator, Recorder recorder) =>
        (this.database, reader, this.creator, this.recorder) = (database, new LightReader(database.Engine, visibility), creator, recorder);

    /// <summary>The lights that this caller may see, by street and name; at most <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<StreetLight>> List(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await reader.List(read);
    }

    /// <summary>Those of these Things that are lights which this caller may see, in the same order.</summary>
    public async Task<IReadOnlyList<StreetLight>> List(IReadOnlyCollection<long> things, CancellationToken cancel)
    {
        if (things.Count == 0)
        {
            return [];
        }

        await using var read = await database.Read(cancel);
        return await reader.List(read, things);
    }

    /// <summary>All of them, in a snapshot or transaction that is open already.</summary>
    public Task<IReadOnlyList<StreetLight>> List(ReadScope read) => reader.List(read);

    /// <summary>
    /// Tells lamps how bright to be, in per cent; all of them or, when one cannot be told, none. Answers how many. Who may not
    /// command one of them is refused with 403.
    /// </summary>
    public async Task<int> Command(IReadOnlyCollection<long> things, int level, CancellationToken cancel)
    {
        if (level is < 0 or > 100)
        {
            throw new InvalidInputException("level", "must be 0 to 100 per cent");
        }

        if (things.Count is 0 or > Most)
        {
            throw new InvalidInputException("lights", things.Count == 0 ? "is missing: say which" : string.Create(CultureInfo.InvariantCulture, $"are more than {Most:N0}"));
        }

        return await database.Write(scope => Tell(scope, things.Distinct().ToDictionary(thing => thing, _ => level)), cancel);
    }

    /// <summary>Tells each lamp its level, in the transaction of what causes it; all or none. Answers how many. The caller must be one who may command them.</summary>
    public async Task<int> Tell(WriteScope scope, IReadOnlyDictionary<long, int> levels)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(levels);
        var capabilities = await reader.Capabilities(scope, levels.Keys);
        var tasks = SensorThingsModel.TaskingCapabilities.FindNavigation("Tasks")!;
        var entries = new List<RecordEntry>(levels.Count);
        foreach (var (thing, level) in levels)
        {
            if (!capabilities.TryGetValue(thing, out var capability))
            {
                throw new CityRuleException("no-such-light", "One of these is no street light that can be told a level.", 404);
            }

            var bytes = System.Text.Encoding.UTF8.GetBytes($$"""{ "taskingParameters": { "level": {{level.ToString(CultureInfo.InvariantCulture)}} } }""");
            using var task = JsonDocument.Parse(bytes);
            var (id, _) = await creator.Create(scope, SensorThingsModel.Tasks, task.RootElement, new Parent(tasks, capability));
            entries.Add(Caller.Current.Entry("tasks.create", Act.Command, Kinds.Thing, Caller.Current.Provider) with { Kind = "Tasks", Thing = id.ToString(CultureInfo.InvariantCulture), After = bytes });
        }

        await recorder.Record(scope, entries);
        return levels.Count;
    }
}
