using Madang.Places;
using Madang.Sensing;

namespace Madang.Operations.Live;

/// <summary>Reads every datastream with its newest reading, and finds the district each stands in.</summary>
internal sealed class BoardLoader(SensingQueries sensing, Sensing.SensorHealth health, PlaceBook places, TimeProvider clock)
{
    public async Task<List<Slot>> Load(CancellationToken cancel)
    {
        var found = new Dictionary<(double, double), (string, bool)?>();
        var slots = new List<Slot>();
        var newest = await sensing.ListLatest(cancel);
        // A real reading from the future comes from a wrong clock: the last one before it counts.
        var before = clock.GetUtcNow() + CityNow.ClockSlack;
        var ahead = newest.Where(latest => !latest.Simulated && latest.At > before).Select(latest => latest.Datastream).ToList();
        var corrected = ahead.Count == 0 ? [] : (await sensing.ListLastBefore(ahead, before, cancel)).ToDictionary(reading => reading.Datastream);
        foreach (var latest in newest)
        {
            var last = corrected.GetValueOrDefault(latest.Datastream);
            slots.Add(new Slot { Stream = latest, District = await Place(latest.Longitude, latest.Latitude, found, cancel), At = last?.At ?? latest.At, Number = last is null ? latest.Number : last.Number });
        }

        return slots;
    }

    /// <summary>The stations of which only the place is known: they have nothing to tell, and stand in the catalogue alone.</summary>
    public async Task<List<SensorNow>> LoadBare(CancellationToken cancel)
    {
        var found = new Dictionary<(double, double), (string, bool)?>();
        var sensors = new List<SensorNow>();
        foreach (var thing in await sensing.ListBareThings(cancel))
        {
            var district = await Place(thing.Longitude, thing.Latitude, found, cancel);
            sensors.Add(new SensorNow(thing.Thing, thing.Name, thing.Simulated ? CityData.Simulated : CityData.Real, thing.Source, thing.Owner, thing.Longitude, thing.Latitude, district?.Item1, SensorState.Silent, true, null, []));
        }

        return sensors;
    }

    /// <summary>What is wrong with datastreams now.</summary>
    public async Task<List<(long Datastream, SensorFinding Finding)>> LoadFindings(CancellationToken cancel)
    {
        var all = new List<(long, SensorFinding)>();
        for (long after = 0; ;)
        {
            var page = await health.List(null, null, after, Sensing.SensorHealth.MostListed, cancel);
            all.AddRange(page.Select(each => (each.Datastream, each.Finding)));
            if (page.Count < Sensing.SensorHealth.MostListed)
            {
                return all;
            }

            after = page[^1].Datastream;
        }
    }

    private async ValueTask<(string, bool)?> Place(double? east, double? north, Dictionary<(double, double), (string, bool)?> found, CancellationToken cancel)
    {
        if ((east, north) is not ({ } longitude, { } latitude))
        {
            return null;
        }

        if (!found.TryGetValue((longitude, latitude), out var district))
        {
            district = await places.FindDistrict(longitude, latitude, cancel) is { } at ? (at.Place.Code, at.Approximate) : null;
            found[(longitude, latitude)] = district;
        }

        return district;
    }
}
