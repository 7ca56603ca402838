namespace Madang.Operations.Live;

/// <summary>Tells what a figure is the mean of.</summary>
internal static class Origin
{
    public static FigureOrigin? Find(Edition edition, string place, string measure)
    {
        var snapshot = edition.Snapshot;
        var district = place == DayCurves.City ? null : snapshot.Districts.FirstOrDefault(district => district.Code == place);
        if (place != DayCurves.City && district is null)
        {
            return null;
        }

        if (!Measures.Main.Contains(measure) && edition.Fold(measure) != measure)
        {
            // Nobody measures that here, and nobody is expected to.
            return null;
        }

        var parts = edition.Readings!
            .Where(reading => reading.Stream.Measure == measure && Composer.IsCurrent(reading, snapshot.AsOf) && (district is null || reading.District?.Code == place))
            .OrderBy(reading => reading.District?.Code, StringComparer.Ordinal).ThenBy(reading => Directory.InOrder(reading.Stream.ThingName), StringComparer.Ordinal);
        return new FigureOrigin(
            place, snapshot.Data, district is null ? snapshot.Find(measure) : district.Find(measure), Mean.Method(measure),
            [.. parts.Select(reading => new FigurePart(
                reading.Stream.Datastream, reading.Stream.Thing, reading.Stream.ThingName, reading.District?.Code, reading.At!.Value, reading.Number!.Value, reading.Stream.Source, reading.Stream.Owner, $"/sta/v1.1/Datastreams({reading.Stream.Datastream})") { NameEn = reading.Stream.NameEn, OwnerEn = reading.Stream.OwnerEn })]);
    }
}
