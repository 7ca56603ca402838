using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Entities;

/// <summary>Whose entities are: who may change one, and whose a new one becomes.</summary>
internal static class Ownership
{
    private static readonly string[] Owned = ["things", "locations", "sensors", "observed_properties", "features", "datastreams", "actuators", "tasking_capabilities"];

    /// <summary>Says which rows of each table belong to providers.</summary>
    public static IEnumerable<OwnedTable> Tables { get; } =
    [
        .. Owned.Select(table => new OwnedTable(table, (alias, ids) => $"{alias}.provider_id IS NOT NULL AND {alias}.provider_id IN ({ids})")),
        new("historical_locations", (alias, ids) => $"EXISTS (SELECT 1 FROM things vt WHERE vt.id = {alias}.thing_id AND vt.provider_id IN ({ids}))"),
        new("tasks", (alias, ids) => $"{alias}.capability_id IN (SELECT vc.id FROM tasking_capabilities vc WHERE vc.provider_id IN ({ids}))"),
        new("observations", (alias, ids) => $"{alias}.datastream_id IN (SELECT vd.id FROM datastreams vd WHERE vd.provider_id IN ({ids}))"),
    ];

    /// <summary>The SQL expression for the provider of a row.</summary>
    public static string ProviderOf(EntitySet set, string alias) => set.Name switch
    {
        "HistoricalLocations" => $"(SELECT vt.provider_id FROM things vt WHERE vt.id = {alias}.thing_id)",
        "Observations" => $"(SELECT vd.provider_id FROM datastreams vd WHERE vd.id = {alias}.datastream_id)",
        "Tasks" => $"(SELECT vc.provider_id FROM tasking_capabilities vc WHERE vc.id = {alias}.capability_id)",
        _ => $"{alias}.provider_id",
    };

    /// <summary>The column that keeps whose a new entity is; nothing for one that belongs to whom another does.</summary>
    public static async Task<IEnumerable<ColumnValue>> OfNew(WriteScope scope, EntitySet set, IReadOnlyList<ColumnValue> columns)
    {
        switch (set.Name)
        {
            case "HistoricalLocations":
                Demand(await OfThing(scope, columns));
                return [];
            case "Tasks":
                DemandCommand(await OfCapability(scope, columns));
                return [];
            case "Datastreams" or "MultiDatastreams" or "TaskingCapabilities":
                var provider = await OfThing(scope, columns);
                Demand(provider);
                return [new ColumnValue("provider_id", provider)];
            default:
                Demand(Caller.Current.Provider);
                return [new ColumnValue("provider_id", Caller.Current.Provider)];
        }
    }

    /// <summary>Refuses a caller who may not write what belongs to this provider.</summary>
    public static void Demand(long? provider)
    {
        if (!Caller.Current.May(Act.Write, Kinds.Thing, provider))
        {
            throw Forbidden();
        }
    }

    /// <summary>Refuses a caller who may not tell this provider's devices what to do.</summary>
    private static void DemandCommand(long? provider)
    {
        if (!Caller.Current.May(Act.Command, Kinds.Thing, provider))
        {
            throw new CityRuleException("forbidden", "This caller may not tell this Thing what to do.", 403);
        }
    }

    /// <summary>Refuses a caller who would change what hangs on an entity and belongs to others: their Datastreams go with a Sensor, an ObservedProperty, a feature.</summary>
    public static async Task DemandDependents(WriteScope scope, EntitySet set, long id)
    {
        var datastreams = set.Name switch
        {
            "Actuators" => "SELECT DISTINCT provider_id FROM tasking_capabilities WHERE actuator_id = @id",
            "Sensors" => "SELECT DISTINCT provider_id FROM datastreams WHERE sensor_id = @id",
            "ObservedProperties" => "SELECT DISTINCT provider_id FROM datastreams WHERE observed_property_id = @id OR id IN (SELECT datastream_id FROM multi_datastream_properties WHERE observed_property_id = @id)",
            "FeaturesOfInterest" => "SELECT DISTINCT d.provider_id FROM datastreams d JOIN datastream_features f ON f.datastream_id = d.id WHERE f.feature_id = @id",
            "Locations" => "SELECT DISTINCT t.provider_id FROM things t JOIN thing_locations l ON l.thing_id = t.id WHERE l.location_id = @id",
            _ => null,
        };
        if (datastreams is not null)
        {
            foreach (var provider in await scope.Connection.QueryAsync<long?>(datastreams, new { id }, scope.Transaction))
            {
                Demand(provider);
            }
        }
    }

    /// <summary>Refuses a caller who may not say where a Thing is.</summary>
    public static async Task DemandThing(WriteScope scope, long thing) => Demand(await OfThing(scope, thing));

    /// <summary>The provider of a Thing.</summary>
    public static Task<long?> OfThing(WriteScope scope, long thing) =>
        scope.Connection.ExecuteScalarAsync<long?>("SELECT provider_id FROM things WHERE id = @thing", new { thing }, scope.Transaction);

    public static CityRuleException Forbidden() => new("forbidden", "This caller may not change what belongs to somebody else.", 403);

    private static Task<long?> OfThing(WriteScope scope, IReadOnlyList<ColumnValue> columns) => OfThing(scope, Key(columns, "thing_id"));

    private static Task<long?> OfCapability(WriteScope scope, IReadOnlyList<ColumnValue> columns) =>
        scope.Connection.ExecuteScalarAsync<long?>("SELECT provider_id FROM tasking_capabilities WHERE id = @id", new { id = Key(columns, "capability_id") }, scope.Transaction);

    private static long Key(IReadOnlyList<ColumnValue> columns, string name) => Convert.ToInt64(columns.First(column => column.Column == name).Value, CultureInfo.InvariantCulture);
}
