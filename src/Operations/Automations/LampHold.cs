using Dapper;
using Madang.Kernel;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Automations;

/// <summary>
/// Lamps that runs hold at a level for a time. A lamp of which nobody knows what it was is left alone, for it could not go back; so is one that
/// another run holds. What somebody told a lamp by hand meanwhile stays.
/// </summary>
internal sealed partial class LampHold(StreetLights lights, CityAtWork city, ILogger<LampHold> log)
{
    /// <summary>Who takes or gives back lamps does it alone: what a lamp was before must not be what another run made of it.</summary>
    private const string Lock = "automation-lamps";

    /// <summary>A word of a lamp that is older than this says nothing of what it is.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(3);

    /// <summary>The lamps of its world that an action names.</summary>
    public static IReadOnlyList<StreetLight> Named(IReadOnlyList<StreetLight> all, LampAction action, CityData data) =>
        [.. all.Where(light => light.Simulated == (data == CityData.Simulated) && (action.Street is { } street ? light.Street == street : action.Lamps.Contains(light.Thing)))];

    /// <summary>All lamps as the city sees them.</summary>
    public Task<IReadOnlyList<StreetLight>> List(CancellationToken cancel) => AsCity(() => lights.List(cancel));

    /// <summary>Tells lamps their level, and keeps what they go back to; answers how many. When it is dry, how many it would be.</summary>
    public async Task<int> Take(WriteScope scope, long run, LampAction action, CityData data, bool isDry, DateTimeOffset now)
    {
        await Rules.RuleLock.Take(scope, [Lock]);
        var (told, all) = (new Dictionary<long, int>(), await AsCity(() => lights.List(scope.AsReader())));
        var held = (await scope.Connection.QueryAsync<long>("SELECT thing_id FROM automation_lamps WHERE back_at IS NULL", null, scope.Transaction)).ToHashSet();
        foreach (var light in Named(all, action, data).Where(light => light.MayCommand && !held.Contains(light.Thing)))
        {
            if (Before(light, now) is { } before && before != action.Level)
            {
                told.Add(light.Thing, action.Level);
                if (!isDry)
                {
                    await scope.Connection.ExecuteAsync(
                        "INSERT INTO automation_lamps (run_id, thing_id, level, before, until_at) VALUES (@run, @Thing, @Level, @before, @until)",
                        new { run, light.Thing, action.Level, before, until = now.AddMinutes(action.Minutes).ToMicros() }, scope.Transaction);
                }
            }
        }

        return isDry || told.Count == 0 ? told.Count : await AsCity(() => lights.Tell(scope, told));
    }

    /// <summary>Tells lamps to be what they were before: of one run, or all whose time is over. Answers how many are no longer held.</summary>
    public async Task<int> GiveBack(WriteScope scope, long? run, DateTimeOffset now)
    {
        await Rules.RuleLock.Take(scope, [Lock]);
        var held = (await scope.Connection.QueryAsync<(long Run, long Thing, long Level, long Before)>(
            $"SELECT run_id, thing_id, level, before FROM automation_lamps WHERE back_at IS NULL AND {(run is null ? "until_at <= @now" : "run_id = @run")} ORDER BY run_id, thing_id{(scope.Engine == Engine.Postgres ? " FOR UPDATE" : "")}",
            new { run, now = now.ToMicros() }, scope.Transaction)).AsList();
        if (held.Count == 0)
        {
            return 0;
        }

        var known = (await AsCity(() => lights.List(scope.AsReader()))).ToDictionary(light => light.Thing);
        var back = held.Where(lamp => known.TryGetValue(lamp.Thing, out var light) && light.MayCommand && light.Told?.Level == lamp.Level).ToDictionary(lamp => lamp.Thing, lamp => (int)lamp.Before);
        foreach (var (of, thing, _, _) in held)
        {
            await scope.Connection.ExecuteAsync("UPDATE automation_lamps SET back_at = @now WHERE run_id = @of AND thing_id = @thing", new { of, thing, now = now.ToMicros() }, scope.Transaction);
        }

        foreach (var (thing, level) in back)
        {
            try
            {
                await AsCity(() => lights.Tell(scope, new Dictionary<long, int> { [thing] = level }));
            }
            catch (Exception refused) when (refused is InvalidInputException or CityRuleException)
            {
                // It cannot be told what it was, and is let go as it is; the others go back.
                NotBack(log, thing, level, refused);
            }
        }

        return held.Count;
    }

    /// <summary>What a lamp is: what it was told last, or else what it says of itself; null when nobody knows.</summary>
    private static int? Before(StreetLight light, DateTimeOffset now) =>
        light.Told is { } told ? (int)Math.Round(told.Level) : light is { Level: { } level, HeardAt: { } heard } && (light.Simulated || now - heard <= Fresh) ? (int)Math.Round(Math.Clamp(level, 0, 100)) : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lamp {Thing} could not be told to go back to {Level} %.")]
    private static partial void NotBack(ILogger log, long thing, int level, Exception refused);

    private Task<T> AsCity<T>(Func<Task<T>> work) => city.Do(Act.Command, Kinds.Thing, "automation", work);
}
