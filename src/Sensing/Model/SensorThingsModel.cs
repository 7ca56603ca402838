using static Madang.Sensing.Model.PropertyKind;

namespace Madang.Sensing.Model;

/// <summary>The entities of SensorThings 1.1 (OGC 18-088, clause 8.2, figure 2) over the tables of <c>Schema/</c>. Everything else is driven by this table.</summary>
internal static class SensorThingsModel
{
    public static readonly EntitySet Things = new(
        "Things", "Thing", "things",
        [Id(), Named("name"), Named("description"), Properties()],
        [
            new("Locations", "Locations", true, "id", "id") { Link = ("thing_locations", "thing_id", "location_id") },
            new("HistoricalLocations", "HistoricalLocations", true, "id", "thing_id"),
            new("Datastreams", "Datastreams", true, "id", "thing_id"),
            new("MultiDatastreams", "MultiDatastreams", true, "id", "thing_id"),
            new("TaskingCapabilities", "TaskingCapabilities", true, "id", "thing_id"),
        ]);

    public static readonly EntitySet Locations = new(
        "Locations", "Location", "locations",
        [Id(), Named("name"), Named("description"), Encoded(Vocabulary.PlaceEncoding), new("location", Place, "location") { Required = true }, Properties()],
        [
            new("Things", "Things", true, "id", "id") { Link = ("thing_locations", "location_id", "thing_id") },
            new("HistoricalLocations", "HistoricalLocations", true, "id", "id") { Link = ("historical_location_locations", "location_id", "historical_location_id") },
        ]);

    public static readonly EntitySet HistoricalLocations = new(
        "HistoricalLocations", "HistoricalLocation", "historical_locations",
        [Id(), new("time", Instant, "time") { Required = true }],
        [
            new("Thing", "Things", false, "thing_id", "id") { Required = true },
            new("Locations", "Locations", true, "id", "id") { Link = ("historical_location_locations", "historical_location_id", "location_id") },
        ]);

    public static readonly EntitySet Datastreams = new(
        "Datastreams", "Datastream", "datastreams",
        [
            Id(), Named("name"), Named("description"), Named("observationType", "observation_type") with { Objection = Vocabulary.ObservationType },
            new("unitOfMeasurement", PropertyKind.Object, "unit") { Required = true, Stored = Vocabulary.Unit },
            new("observedArea", Area, "id") { Computed = true, Nullable = true },
            new("phenomenonTime", Interval, "phenomenon_start") { EndColumn = "phenomenon_end", Computed = true, Nullable = true },
            new("resultTime", Interval, "result_start") { EndColumn = "result_end", Computed = true, Nullable = true },
            Properties(),
        ],
        [
            new("Thing", "Things", false, "thing_id", "id") { Required = true },
            new("Sensor", "Sensors", false, "sensor_id", "id") { Required = true },
            new("ObservedProperty", "ObservedProperties", false, "observed_property_id", "id") { Required = true },
            new("Observations", "Observations", true, "id", "datastream_id"),
        ])
    { View = "datastream_rows", Restriction = "{t}.result_types IS NULL" };

    /// <summary>Datastreams whose results are arrays (OGC 18-088, clause 12).</summary>
    public static readonly EntitySet MultiDatastreams = new(
        "MultiDatastreams", "MultiDatastream", "datastreams",
        [
            Id(), Named("name"), Named("description"),
            new("observationType", Text, "observation_type") { Fixed = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation" },
            new("multiObservationDataTypes", PropertyKind.Array, "result_types") { Required = true, Stored = Vocabulary.ObservationTypesOf },
            new("unitOfMeasurements", PropertyKind.Array, "unit") { Required = true, Stored = Vocabulary.Units },
            new("observedArea", Area, "id") { Computed = true, Nullable = true },
            new("phenomenonTime", Interval, "phenomenon_start") { EndColumn = "phenomenon_end", Computed = true, Nullable = true },
            new("resultTime", Interval, "result_start") { EndColumn = "result_end", Computed = true, Nullable = true },
            Properties(),
        ],
        [
            new("Thing", "Things", false, "thing_id", "id") { Required = true },
            new("Sensor", "Sensors", false, "sensor_id", "id") { Required = true },
            new("ObservedProperties", "ObservedProperties", true, "id", "id")
            {
                Link = ("multi_datastream_properties", "datastream_id", "observed_property_id"),
                Order = "(SELECT mp.position FROM multi_datastream_properties mp WHERE mp.datastream_id = {p} AND mp.observed_property_id = {c}.id)",
            },
            new("Observations", "Observations", true, "id", "datastream_id"),
        ])
    { View = "multi_datastream_rows", Restriction = "{t}.result_types IS NOT NULL" };

    public static readonly EntitySet Sensors = new(
        "Sensors", "Sensor", "sensors",
        [Id(), Named("name"), Named("description"), Encoded(Vocabulary.Encoding), new("metadata", Any, "metadata") { Required = true }, Properties()],
        [new("Datastreams", "Datastreams", true, "id", "sensor_id"), new("MultiDatastreams", "MultiDatastreams", true, "id", "sensor_id")]);

    public static readonly EntitySet ObservedProperties = new(
        "ObservedProperties", "ObservedProperty", "observed_properties",
        [Id(), Named("name"), Named("definition"), Named("description"), Properties()],
        [
            new("Datastreams", "Datastreams", true, "id", "observed_property_id"),
            new("MultiDatastreams", "MultiDatastreams", true, "id", "id") { Link = ("multi_datastream_properties", "observed_property_id", "datastream_id") },
        ]);

    public static readonly EntitySet Observations = new(
        "Observations", "Observation", "observations",
        [
            Id(),
            new("phenomenonTime", Interval, "phenomenon_start") { EndColumn = "phenomenon_end" },
            new("resultTime", Instant, "result_time") { Nullable = true, WrittenWhenNull = true },
            new("result", PropertyKind.Result, "result_kind") { Required = true, Nullable = true, WrittenWhenNull = true },
            new("resultQuality", Any, "quality") { Nullable = true },
            new("validTime", Interval, "valid_start") { EndColumn = "valid_end", Nullable = true },
            new("parameters", PropertyKind.Object, "parameters") { Nullable = true },
        ],
        [
            new("Datastream", "Datastreams", false, "datastream_id", "id") { When = ("result_kind", kind => !IsParts(kind)) },
            new("MultiDatastream", "MultiDatastreams", false, "datastream_id", "id") { When = ("result_kind", IsParts) },
            new("FeatureOfInterest", "FeaturesOfInterest", false, "feature_id", "id"),
        ]);

    public static readonly EntitySet FeaturesOfInterest = new(
        "FeaturesOfInterest", "FeatureOfInterest", "features",
        [Id(), Named("name"), Named("description"), Encoded(Vocabulary.PlaceEncoding), new("feature", Place, "feature") { Required = true }, Properties()],
        [
            new("Observations", "Observations", true, "id", "feature_id")
            {
                Hint = "{c}.datastream_id IN (SELECT df.datastream_id FROM datastream_features df WHERE df.feature_id = {p}.id)",
            },
        ]);

    /// <summary>What carries out Tasks (OGC 17-079r1).</summary>
    public static readonly EntitySet Actuators = new(
        "Actuators", "Actuator", "actuators",
        [Id(), Named("name"), Named("description"), Encoded(Vocabulary.Encoding), new("metadata", Any, "metadata") { Required = true }, Properties()],
        [new("TaskingCapabilities", "TaskingCapabilities", true, "id", "actuator_id")]);

    /// <summary>What a Thing can be told to do, and with which parameters.</summary>
    public static readonly EntitySet TaskingCapabilities = new(
        "TaskingCapabilities", "TaskingCapability", "tasking_capabilities",
        [Id(), Named("name"), Named("description"), new("taskingParameters", PropertyKind.Object, "parameters") { Required = true }, Properties()],
        [
            new("Thing", "Things", false, "thing_id", "id") { Required = true },
            new("Actuator", "Actuators", false, "actuator_id", "id") { Required = true },
            new("Tasks", "Tasks", true, "id", "capability_id"),
        ]);

    /// <summary>What a Thing was told to do.</summary>
    public static readonly EntitySet Tasks = new(
        "Tasks", "Task", "tasks",
        [Id(), new("creationTime", Instant, "created_at") { Computed = true }, new("taskingParameters", PropertyKind.Object, "parameters") { Required = true }],
        [new("TaskingCapability", "TaskingCapabilities", false, "capability_id", "id") { Required = true }]);

    /// <summary>The sets of Part 1, in the order of the service's root document.</summary>
    public static readonly IReadOnlyList<EntitySet> Sensing =
        [Things, Locations, HistoricalLocations, Datastreams, MultiDatastreams, Sensors, ObservedProperties, Observations, FeaturesOfInterest];

    /// <summary>The sets that Part 2 adds.</summary>
    public static readonly IReadOnlyList<EntitySet> Tasking = [Actuators, TaskingCapabilities, Tasks];

    /// <summary>The set a relation leads to, as the relation's own profile shows it.</summary>
    public static EntitySet Target(this Navigation navigation) =>
        (navigation.Profile?.Sets ?? [.. Sensing, .. Tasking]).First(set => set.Name == navigation.Target);

    private static bool IsParts(object? kind) => Convert.ToInt32(kind, null) == (int)ResultKind.Parts;

    private static Property Id() => new("id", PropertyKind.Id, "id") { Computed = true };

    private static Property Named(string name, string? column = null) => new(name, Text, column ?? name) { Required = true };

    private static Property Encoded(Func<string, string?> objection) => Named("encodingType", "encoding_type") with { Objection = objection };

    private static Property Properties() => new("properties", PropertyKind.Object, "properties") { Nullable = true };
}
