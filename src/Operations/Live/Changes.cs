namespace Madang.Operations.Live;

/// <summary>What differs between two snapshots: whole parts, so that a screen puts each in the place of the old one.</summary>
internal sealed record Changes(
    string Id, CityData Data, DateTimeOffset? AsOf, DateTimeOffset? ReceivedAt, int OtherSensors, SensorCount Sensors, int Dormant,
    IReadOnlyList<Figure> Figures, IReadOnlyList<DistrictNow> Districts, IReadOnlyList<StationNow> Stations, IReadOnlyList<long> Gone, IReadOnlyDictionary<string, IReadOnlyList<HistoryPoint>> History)
{
    /// <summary>True when nothing a reader could see differs; when it was received is no such thing.</summary>
    public bool IsEmpty { get; private init; }

    public static Changes Between(CitySnapshot before, CitySnapshot after)
    {
        var districts = after.Districts.Where(district => !Same(before.Districts.FirstOrDefault(old => old.Code == district.Code), district)).ToList();
        var old = before.Stations.ToDictionary(station => station.Thing);
        var stations = after.Stations.Where(station => old.GetValueOrDefault(station.Thing) != station).ToList();
        var gone = old.Keys.Except(after.Stations.Select(station => station.Thing)).ToList();
        var history = after.History
            .Select(curve => (curve.Key, Points: (IReadOnlyList<HistoryPoint>)[.. curve.Value.Except(before.History.GetValueOrDefault(curve.Key, []))]))
            .Where(curve => curve.Points.Count > 0)
            .ToDictionary(curve => curve.Key, curve => curve.Points);
        return new(after.Id, after.Data, after.AsOf, after.ReceivedAt, after.OtherSensors, after.Sensors, after.Dormant, after.Figures, districts, stations, gone, history)
        {
            IsEmpty = districts.Count + stations.Count + gone.Count + history.Count == 0 && before.AsOf == after.AsOf && before.OtherSensors == after.OtherSensors
                && before.Sensors == after.Sensors && before.Dormant == after.Dormant && before.Figures.SequenceEqual(after.Figures) && before.Districts.Count == after.Districts.Count,
        };
    }

    private static bool Same(DistrictNow? a, DistrictNow b) =>
        a is not null && a with { Figures = b.Figures } == b && a.Figures.SequenceEqual(b.Figures);
}
