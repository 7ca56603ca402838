namespace Madang.Sensing.Http;

/// <summary>The requirements that are met and tested, by their URIs; a law keeps this list and the tests the same.</summary>
internal static class Conformance
{
    private const string Part1 = "http://www.opengis.net/spec/iot_sensing/1.1/req/";
    private const string Part2 = "http://www.opengis.net/spec/iot_tasking/1.0/req/";

    /// <summary>SensorThings 1.1, Part 1: Sensing (OGC 18-088).</summary>
    public static readonly IReadOnlyList<string> Sensing =
    [
        Part1 + "datamodel/entity-control-information/common-control-information",
        .. new[] { "thing", "location", "historical-location", "datastream", "sensor", "observed-property", "observation", "feature-of-interest" }.SelectMany(entity => Of($"datamodel/{entity}/", "properties", "relations")),
        Part1 + "resource-path/resource-path-to-entities",
        .. Of("request-data/", "status-code", "query-status-code", "order", "expand", "select", "orderby", "top", "skip", "count", "filter", "built-in-filter-operations", "built-in-query-functions", "pagination"),
        Part1 + "data-array/data-array",
        .. Of("create-update-delete/", "create-entity", "link-to-existing-entities", "deep-insert", "deep-insert-status-code", "update-entity", "update-entity-put", "update-entity-jsonpatch", "delete-entity", "historical-location-auto-creation", "historical-location-manual-creation"),
        Part1 + "batch-request/batch-request",
        Part1 + "create-observations-via-mqtt/observations-creation", Part1 + "receive-updates-via-mqtt/receive-updates",
        .. Of("multi-datastream/", "properties", "relations", "constraints"),
    ];

    /// <summary>Part 2: Tasking Core (OGC 17-079r1), and what it stands on.</summary>
    public static readonly IReadOnlyList<string> Tasking =
    [
        .. Sensing,
        .. new[] { "tasking-capability/properties", "tasking-capability/relations", "task/properties", "task/relations", "actuator/properties", "actuator/relations", "create-tasks/task-creation", "create-tasks-via-mqtt/task-creation", "receive-updates-via-mqtt/receive-updated" }.Select(name => Part2 + name),
    ];

    private static IEnumerable<string> Of(string group, params string[] names) => names.Select(name => Part1 + group + name);
}
