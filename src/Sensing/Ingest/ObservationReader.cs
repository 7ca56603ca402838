using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;

namespace Madang.Sensing.Ingest;

/// <summary>Reads one Observation's members, whether they stand in an object or in a row of a dataArray (OGC 18-088, 8.2.7 and 13.2).</summary>
internal ref struct ObservationReader(long now, long? feature = null, bool multi = false)
{
    /// <summary>The members that can be components of a dataArray.</summary>
    public static readonly string[] Members = ["result", "phenomenonTime", "resultTime", "validTime", "resultQuality", "parameters", "FeatureOfInterest/id", "FeatureOfInterest/@iot.id"];

    private TimeInterval? phenomenonTime;
    private TimeInterval? validTime;
    private long? resultTime;
    private Result? result;
    private string? quality;
    private string? parameters;
    private long? feature = feature;

    /// <summary>Takes one member; false when it is none of an Observation's.</summary>
    public bool Take(string member, JsonElement value, string field)
    {
        switch (member)
        {
            case "result":
                result = multi ? Results.ReadParts(value, field) : Results.Read(value, field);
                return true;
            case "phenomenonTime":
                phenomenonTime = value.ValueKind == JsonValueKind.Null ? null : Json.Interval(value, field);
                return true;
            case "resultTime":
                resultTime = value.ValueKind == JsonValueKind.Null ? null : Json.Instant(value, field);
                return true;
            case "validTime":
                validTime = value.ValueKind == JsonValueKind.Null ? null : Json.Interval(value, field) is { End: not null } valid ? valid : throw new InvalidInputException(field, "must be an interval, start/end");
                return true;
            case "resultQuality":
                quality = value.ValueKind == JsonValueKind.Null ? null : Json.Raw(value, field);
                return true;
            case "parameters":
                parameters = value.ValueKind == JsonValueKind.Null ? null : Json.Object(value, field);
                return true;
            case "FeatureOfInterest/id" or "FeatureOfInterest/@iot.id":
                feature = value.ValueKind == JsonValueKind.Null ? null : Json.Id(value, field);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The Observation; without a phenomenonTime it is of now (8.2.7, table 12).</summary>
    public readonly NewObservation Finish(long datastream, string field, Result? fallback = null) => new()
    {
        Datastream = datastream,
        Start = phenomenonTime?.Start.ToMicros() ?? now,
        End = phenomenonTime?.End?.ToMicros(),
        Result = result ?? fallback ?? throw new InvalidInputException(Json.Join(field, "result"), "is required"),
        ResultTime = resultTime,
        ValidStart = validTime?.Start.ToMicros(),
        ValidEnd = validTime?.End?.ToMicros(),
        Quality = quality,
        Parameters = parameters,
        Feature = feature,
    };
}
