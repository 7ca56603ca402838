using Madang.Import.City;
using Madang.Import.Files;
using Madang.Import.Maps;
using Madang.Import.Observations;
using Madang.Kernel;

namespace Madang.Import;

/// <summary>
/// Brings a city's table of stations and readings into a city through its public interface. Running it again adds nothing.
/// </summary>
/// <param name="city">Reaches the city; its base address is the city's.</param>
/// <param name="key">The write key; null on the city's own machine.</param>
/// <param name="clock">For pauses and patience.</param>
public sealed class ObservationImport(HttpClient city, string? key, TimeProvider clock)
{
    /// <summary>Reads <paramref name="file"/> as <paramref name="map"/> says; what cannot be stored goes to <paramref name="rejectedFile"/>.</summary>
    /// <exception cref="InvalidInputException">The map or the file is wrong. Nothing was stored.</exception>
    /// <exception cref="ImportException">The city refuses or cannot be reached.</exception>
    public async Task<ObservationSummary> Run(string file, string map, string rejectedFile, IProgress<ImportProgress>? progress, CancellationToken cancel)
    {
        var plan = MapReader.ReadObservations(map);
        var encoding = TextFile.FindEncoding(plan.File.Encoding)!;
        var lines = TextFile.CountLines(file, encoding, plan.File.Encoding);
        using var rows = new CsvRows(TextFile.OpenText(file, encoding), plan.File.Delimiter);
        var reader = new RowReader(plan, rows.Header);
        using var rejected = new RejectedRows(rejectedFile);
        var summary = new ObservationSummary();
        var run = new Work(plan, reader, rejected, summary, new CityDoor(city, key, clock));
        await run.Load(cancel);
        foreach (var row in rows.Read())
        {
            summary.Rows++;
            await run.Take(row, cancel);
            if (summary.Rows % 100 == 0)
            {
                progress?.Report(Progress(row.Line));
            }
        }

        await run.Finish(cancel);
        progress?.Report(Progress(lines));
        summary.Rejected = rejected.Count;
        summary.RejectedFile = rejected.Count > 0 ? rejectedFile : null;
        return summary;

        ImportProgress Progress(long read) => plan.Measures.Count > 0
            ? new(read, lines, summary.Stored, "Observations stored")
            : new(read, lines, summary.ThingsMade + summary.ThingsFound, "Things made or found");
    }

    private sealed class Work
    {
        private readonly ObservationMap map;
        private readonly RowReader reader;
        private readonly RejectedRows rejected;
        private readonly ObservationSummary summary;
        private readonly Stations stations;
        private readonly Chunk chunk;

        public Work(ObservationMap map, RowReader reader, RejectedRows rejected, ObservationSummary summary, CityDoor door)
        {
            (this.map, this.reader, this.rejected, this.summary) = (map, reader, rejected, summary);
            stations = new Stations(door, map, summary);
            chunk = new Chunk(door, summary, (planned, reason) => rejected.Add(planned.Line, planned.Column, planned.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), reason));
        }

        public Task Load(CancellationToken cancel) => stations.Load(cancel);

        public Task Finish(CancellationToken cancel) => chunk.Send(cancel);

        public async Task Take(CsvRow row, CancellationToken cancel)
        {
            if (row.Trouble is { } broken)
            {
                rejected.Add(row.Line, "", string.Join(map.File.Delimiter, row.Cells), broken);
                return;
            }

            if (reader.KeyOf(row, out var trouble) is not { } key || reader.StationOf(row, key, out trouble) is not { } station)
            {
                Reject(row, trouble!);
                return;
            }

            TimeInterval? time = null;
            if (map.Measures.Count > 0 && (time = reader.TimeOf(row, out trouble)) is null)
            {
                Reject(row, trouble!);
                return;
            }

            var made = await stations.FindOrMake(station, cancel);
            foreach (var measure in map.Measures)
            {
                TakeCell(row, measure, made.Streams[measure.Measure], time!.Value);
            }

            if (chunk.IsFull)
            {
                await chunk.Send(cancel);
            }
        }

        private void TakeCell(CsvRow row, MeasureMap measure, City.Stream stream, TimeInterval time)
        {
            if (reader.NumberOf(row, measure, out var trouble) is { } number)
            {
                chunk.Add(new Planned(stream, time, number, row.Line, measure.Column));
            }
            else if (trouble is not null)
            {
                Reject(row, trouble);
            }
            else
            {
                summary.EmptyCells++;
            }
        }

        private void Reject(CsvRow row, Trouble trouble) => rejected.Add(row.Line, trouble.Column, trouble.Value, trouble.Reason);
    }
}
