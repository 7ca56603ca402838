using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>Where a message is published to: the collection that a POST to the same path creates in (OGC 18-088, 15.2), or a device door.</summary>
internal sealed record PublishTarget(Profile Profile, List<PathSegment> Path)
{
    private const string Doors = "doors/";

    /// <summary>The device door that takes the payload in, as <c>POST /doors/{name}</c> does; null for a collection.</summary>
    public string? Door { get; private init; }

    /// <summary>Many Observations as dataArrays (13.2).</summary>
    public bool IsDataArray => Path is [{ Name: "CreateObservations", Id: null }];

    /// <summary>The policy that a POST to the same path asks for.</summary>
    public string Policy => Profile.Knows(SensorThingsModel.Tasks) && Path is [{ Name: "Tasks" }] or [{ Name: "TaskingCapabilities" }, { Name: "Tasks" }] ? Policies.SensingCommand : Policies.SensingWrite;

    /// <summary>Refuses who may not do so anywhere; whose it is, is asked where it is stored.</summary>
    public void Demand(Caller caller)
    {
        if (!StandingCaller.Meets(caller, Policy))
        {
            throw new CityRuleException("forbidden", "This caller may not write there.", 403);
        }
    }

    /// <exception cref="InvalidInputException">It is no topic to publish to.</exception>
    public static PublishTarget Parse(string topic)
    {
        if (topic.StartsWith(Doors, StringComparison.Ordinal) && topic.Length > Doors.Length && !topic[Doors.Length..].Contains('/', StringComparison.Ordinal))
        {
            return new PublishTarget(Profile.V11, []) { Door = topic[Doors.Length..] };
        }

        if (TopicRoot.Find(topic) is not { } found)
        {
            throw new InvalidInputException("topic", $"begins with none of {string.Join(", ", TopicRoot.All.Select(root => root.Text + "/"))}, and is no {Doors}NAME");
        }

        var path = ResourcePath.Parse(found.Below);
        var target = new PublishTarget(found.Root.Profile, path);
        return target.IsDataArray || (path.Count > 0 && path[^1].Id is null && found.Root.Profile.Find(path[0].Name) is not null && !found.Below.Contains('?', StringComparison.Ordinal) && !found.Below.Contains('$', StringComparison.Ordinal))
            ? target
            : throw new InvalidInputException("topic", "names no collection that entities are created in, such as v1.1/Datastreams(1)/Observations");
    }
}
