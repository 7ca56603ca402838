using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Sensing.Entities;

/// <summary>
/// What belongs together in a MultiDatastream (OGC 18-088, multi-datastream/constraints): as many observation data types as
/// units and ObservedProperties, in one order.
/// </summary>
internal static class MultiDatastreams
{
    /// <summary>Writes its ObservedProperties in their order, in place of those it had, and checks that all lists are as long.</summary>
    public static async Task SetProperties(WriteScope scope, long id, IReadOnlyList<long> properties, string path)
    {
        if (properties.Distinct().Count() != properties.Count)
        {
            throw new InvalidInputException(path, "names an ObservedProperty twice");
        }

        await scope.Connection.ExecuteAsync("DELETE FROM multi_datastream_properties WHERE datastream_id = @id", new { id }, scope.Transaction);
        await scope.Connection.ExecuteAsync(
            "INSERT INTO multi_datastream_properties (datastream_id, position, observed_property_id) VALUES (@id, @position, @property)",
            properties.Select((property, position) => new { id, position, property }),
            scope.Transaction);
        if (properties.Count > 0)
        {
            await scope.Connection.ExecuteAsync("UPDATE datastreams SET observed_property_id = @first WHERE id = @id", new { id, first = properties[0] }, scope.Transaction);
        }
    }

    /// <summary>Refuses lists of different lengths, data types that are no text, units that are no objects, and a new length for a stream that has Observations.</summary>
    public static async Task Check(WriteScope scope, long id, string path)
    {
        var (types, units, properties, isUsed) = await scope.Connection.QuerySingleAsync<(string, string, long, bool)>(
            """
            SELECT CAST(d.result_types AS TEXT), CAST(d.unit AS TEXT), (SELECT count(*) FROM multi_datastream_properties p WHERE p.datastream_id = d.id),
                   EXISTS (SELECT 1 FROM datastream_extents e WHERE e.datastream_id = d.id)
            FROM datastreams d WHERE d.id = @id
            """,
            new { id },
            scope.Transaction);
        var count = Count(types, "multiObservationDataTypes", JsonValueKind.String, "the name of an observation type", path);
        if (count == 0)
        {
            throw new InvalidInputException(Model.Json.Join(path, "multiObservationDataTypes"), "is empty");
        }

        if (Count(units, "unitOfMeasurements", JsonValueKind.Object, "an object, with null as its name, symbol and definition where there is no unit", path) is var ofUnits && ofUnits != count)
        {
            throw Differs("unitOfMeasurements", ofUnits);
        }

        if (properties != count)
        {
            throw Differs("ObservedProperties", properties);
        }

        if (isUsed && await Used(scope, id) is { } used && used != count)
        {
            throw new CityRuleException("multi-datastream-in-use", string.Create(CultureInfo.InvariantCulture, $"Its Observations have {used} values each; a MultiDatastream with Observations keeps its length."), 409);
        }

        InvalidInputException Differs(string member, long has) =>
            new(Model.Json.Join(path, member), string.Create(CultureInfo.InvariantCulture, $"has {has} items, but multiObservationDataTypes has {count}; they belong together one by one"));
    }

    private static int Count(string json, string member, JsonValueKind kind, string wanted, string path)
    {
        using var document = JsonDocument.Parse(json);
        var index = 0;
        foreach (var item in document.RootElement.EnumerateArray())
        {
            if (item.ValueKind != kind)
            {
                throw new InvalidInputException(string.Create(CultureInfo.InvariantCulture, $"{Model.Json.Join(path, member)}[{index}]"), $"must be {wanted}, not {Model.Json.Kind(item)}");
            }

            index++;
        }

        return index;
    }

    /// <summary>How many values its last Observation has.</summary>
    private static Task<int?> Used(WriteScope scope, long id)
    {
        var length = scope.Engine == Engine.Sqlite ? "json_array_length(result_text)" : "json_array_length(CAST(result_text AS json))";
        return scope.Connection.ExecuteScalarAsync<int?>($"SELECT {length} FROM observations WHERE datastream_id = @id ORDER BY phenomenon_start DESC, id DESC LIMIT 1", new { id }, scope.Transaction);
    }
}
