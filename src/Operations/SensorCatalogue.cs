using System.Globalization;
using Madang.Operations.Live;
using Madang.Sensing;

namespace Madang.Operations;

/// <summary>
/// Every sensor of one world at one moment, ready to be searched: made once for all readers of that moment. Searching goes
/// through all of them, which takes about a millisecond for 10,000; there is nothing to keep up to date.
/// </summary>
public sealed class SensorCatalogue
{
    private readonly SensorLines lines;
    private readonly Lazy<IReadOnlyList<string>> sources, owners, ownersEn;

    internal SensorCatalogue(CitySnapshot now, SensorLines lines)
    {
        (Now, this.lines) = (now, lines);
        sources = new(() => Names(sensor => sensor.Source));
        owners = new(() => Names(sensor => sensor.Owner));
        ownersEn = new(() => Names(sensor => sensor.OwnerEn ?? sensor.Owner));
    }

    /// <summary>What is so at this moment: whose sensors these are, and by which clock.</summary>
    public CitySnapshot Now { get; }

    /// <summary>All of them, in the order of names.</summary>
    public IReadOnlyList<SensorNow> Sensors => lines.Sensors;

    /// <summary>Every measure that at least one of them measures, in the order of <see cref="Measures.Rank"/>.</summary>
    public IReadOnlyList<string> MeasuresFound => lines.MeasuresFound;

    /// <summary>Where the data of those that are not dormant comes from, in words; the source of most of them first.</summary>
    public IReadOnlyList<string> Sources => sources.Value;

    /// <summary>Who is responsible for those that are not dormant; for most of them first.</summary>
    public IReadOnlyList<string> Owners => owners.Value;

    /// <summary>The same in English where they say it.</summary>
    public IReadOnlyList<string> OwnersEn => ownersEn.Value;

    /// <summary>The sensors that fit.</summary>
    public SensorHits Find(SensorQuery query)
    {
        var words = (query.Text ?? "").ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var byHealth = Enum.GetValues<SensorHealth>().ToDictionary(health => health, _ => 0);
        var byFinding = new Dictionary<SensorFinding, int>();
        var found = new List<SensorNow>();
        for (var i = 0; i < Sensors.Count; i++)
        {
            var sensor = Sensors[i];
            if (!Fits(sensor, query) || !words.All(word => lines.Haystacks[i].Contains(word, StringComparison.Ordinal) || IsId(sensor, word)))
            {
                continue;
            }

            var (fits, findings) = (query.Health is null || query.Health == sensor.Health, FindingsOf(sensor, query));
            foreach (var finding in fits ? findings : [])
            {
                byFinding[finding] = byFinding.GetValueOrDefault(finding) + 1;
            }

            if (query.Findings is { } asked && !findings.Any(asked.Contains))
            {
                continue;
            }

            byHealth[sensor.Health]++;
            if (fits)
            {
                found.Add(sensor);
            }
        }

        return new SensorHits(query, Sort(found, query), byHealth, byFinding);
    }

    /// <summary>What is wrong with a sensor, as far as it was asked: with all of it, or with what measures one thing.</summary>
    public static IReadOnlyList<SensorFinding> FindingsOf(SensorNow sensor, SensorQuery query) =>
        query.Measure is { } measure && sensor.Findings.Count > 0 ? sensor.Find(measure)?.Findings ?? [] : sensor.Findings;

    private List<string> Names(Func<SensorNow, string?> of) =>
        [.. Sensors.Where(sensor => !sensor.Dormant).Select(of).OfType<string>().CountBy(name => name).OrderByDescending(name => name.Value).ThenBy(name => name.Key, StringComparer.Ordinal).Select(name => name.Key)];

    private static bool Fits(SensorNow sensor, SensorQuery query) =>
        (query.District is not { } district || (district == SensorQuery.Outside ? sensor.District is null : sensor.District == district))
        && (query.Measure is not { } measure || sensor.Find(measure) is not null);

    private static bool IsId(SensorNow sensor, string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == sensor.Thing;

    /// <summary>What has no value or was never heard comes last in both directions, and an old value after those of now: old and new are not compared.</summary>
    private static List<SensorNow> Sort(List<SensorNow> found, SensorQuery query)
    {
        switch (query.Order)
        {
            case SensorOrder.Heard:
                var heard = found.Where(sensor => sensor.Heard is not null);
                return [.. query.Descending ? heard.OrderByDescending(sensor => sensor.Heard) : heard.OrderBy(sensor => sensor.Heard), .. found.Where(sensor => sensor.Heard is null)];
            case SensorOrder.Value when query.Measure is { } measure:
                var sign = query.Descending ? -1 : 1;
                return [.. found.Select(sensor => (Sensor: sensor, Reading: sensor.Find(measure)))
                    .OrderBy(pair => pair.Reading is { Value: null } or null ? 2 : pair.Reading.IsCurrent ? 0 : 1)
                    .ThenBy(pair => pair.Reading?.Value * sign)
                    .Select(pair => pair.Sensor)];
            case SensorOrder.Name when query.Descending:
                found.Reverse();
                return found;
            default:
                return found;
        }
    }
}
