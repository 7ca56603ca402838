using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Doors;

/// <summary>Writes down what a payload would become.</summary>
internal sealed class PreviewSheet(DoorMap map)
{
    private readonly List<PreviewReading> readings = [];
    private readonly List<KeptRecord> misfits = [];
    private int stored, kept;

    public void Add(SortedRecord record, IReadOnlyList<KnownDevice> things)
    {
        if (record.Trouble is null && record.Values.Count > 0)
        {
            AddValues(record, things);
        }

        if (record.IsKept)
        {
            kept++;
            if (misfits.Count < DoorPreview.MostReadings)
            {
                misfits.Add(new KeptRecord(0, record.Number, record.Device, record.Trouble ?? string.Join("; ", record.Faults.Select(fault => fault.Reason))));
            }
        }
    }

    public DoorPreview Finish(int records) => new(records, readings, stored, misfits, kept);

    private void AddValues(SortedRecord record, IReadOnlyList<KnownDevice> things)
    {
        var (known, trouble) = DoorFlow.Choose(map, record.Device!, things);
        if (known is null && (trouble is not null || map.Making is not { } making || DeviceMaker.PlaceOf(making, record) is null))
        {
            record.Trouble = trouble ?? (map.Making is not { } nowhere ? DoorFlow.Unknown(map, record.Device!) : $"{DoorFlow.Unknown(map, record.Device!)}, {DoorFlow.WhyNowhere(nowhere, record)}");
            return;
        }

        foreach (var (index, raw, result) in record.Values)
        {
            var isMade = known is null || (map.Making is not null && known.Streams[index] == 0);
            if (!isMade && DoorFlow.Missing(map, known!, index) is { } missing)
            {
                record.Faults.Add((index, missing));
                continue;
            }

            stored++;
            if (readings.Count < DoorPreview.MostReadings)
            {
                var measure = map.Measures[index];
                readings.Add(new PreviewReading(
                    record.Number, record.Device!, known?.Thing, isMade ? null : known!.Streams[index], measure.Measure, measure.Name, IsoTime.FromMicros(record.Time), raw.Short, Text(result), measure.Unit.Symbol));
            }
        }
    }

    private static string Text(Result result) => result.Kind switch
    {
        ResultKind.Number => result.Number!.Value.ToString("R", CultureInfo.InvariantCulture),
        ResultKind.Truth => result.Number == 1 ? "true" : "false",
        _ => result.Text ?? "",
    };
}
