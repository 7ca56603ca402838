using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Model;

namespace Madang.Sensing.Ingest;

/// <summary>An Observation as a JSON object.</summary>
internal static class ObservationObject
{
    public static NewObservation Read(JsonElement json, string path, long datastream, long? feature, DateTimeOffset now, long? self = null, bool multi = false)
    {
        var reader = new ObservationReader(now.ToMicros(), feature, multi);
        foreach (var member in json.EnumerateObject())
        {
            if (EntityBody.IsOwnId(member, self))
            {
                continue;
            }

            var field = Json.Join(path, member.Name);
            if (member.Name is "@iot.id" or "id")
            {
                throw new InvalidInputException(field, "is given by the server; leave it out");
            }

            if (member.Name is not ("Datastream" or "MultiDatastream" or "FeatureOfInterest") && !member.Name.Contains("@iot.", StringComparison.Ordinal) && !reader.Take(member.Name, member.Value, field))
            {
                throw new InvalidInputException(field, "is no property or relation of Observation");
            }
        }

        return reader.Finish(datastream, path);
    }

    /// <summary>The Datastream (or MultiDatastream) and feature when they are references or absent, so that nothing else need be created; null otherwise.</summary>
    public static (long? Datastream, long? Multi, long? Feature)? References(JsonElement json)
    {
        long? datastream = null, multi = null, feature = null;
        return (json.TryGetProperty("Datastream", out var stream) && !IsReference(stream, out datastream))
            || (json.TryGetProperty("MultiDatastream", out var several) && !IsReference(several, out multi))
            || (json.TryGetProperty("FeatureOfInterest", out var place) && !IsReference(place, out feature))
            ? null
            : (datastream, multi, feature);
    }

    private static bool IsReference(JsonElement json, out long? id)
    {
        id = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("@iot.id", out var value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) || json.GetPropertyCount() != 1)
        {
            return false;
        }

        id = number;
        return true;
    }
}
