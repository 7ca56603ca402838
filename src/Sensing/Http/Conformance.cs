namespace Madang.Sensing.Http;

/// <summary>The requirements that are met and tested, by their URIs; a law keeps this list and the tests the same.</summary>
internal static class Conformance
{
    private const string Part1 = "http://www.opengis.net/spec/iot_sensing/1.1/req/";
    private const string Part2 = "http://www.opengis.net/spec/iot_tasking/1.0/req/";

    /// <summary>SensorThings 1.1, Part 1: Sensing (OGC 18-088).</summary>
    public static readonly IReadOnlyList<string> Sensing =
    [
        .. Of("create-update-delete/", "create-entity", "link-to-existing-entities", "deep-insert", "deep-insert-status-code", "update-entity", "update-entity-put", "update-entity-jsonpatch", "delete-entity", "historical-location-auto-creation", "historical-location-manual-creation"),
        Part1 + "batch-request/batch-request",
        .. Of("multi-datastream/", "properties", "relations", "constraints"),
    ];

    /// <summary>Part 2: Tasking Core (OGC 17-079r1), and what it stands on.</summary>
    public static readonly IReadOnlyList<string> Tasking =
    [
        .. Sensing,
        .. new[] { "tasking-capability/properties", "tasking-capability/relations", "task/properties", "task/relations", "actuator/properties", "actuator/relations", "create-tasks/task-creation" }.Select(name => Part2 + name),
    ];

    private static IEnumerable<string> Of(string group, params string[] names) => names.Select(name => Part1 + group + name);
}
