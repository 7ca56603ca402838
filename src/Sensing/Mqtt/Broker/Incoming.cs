using Madang.Sensing.Ingest;
using Madang.Sensing.Mqtt.Packets;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>What became of a message: stored, or why not.</summary>
internal readonly record struct Verdict(Reason Reason, string? Text = null)
{
    public bool IsStored => Reason == Reason.Success;
}

/// <summary>A message of a client that waits for its acknowledgement: where its Observations stand in their group, or what is known of it already.</summary>
internal readonly record struct Incoming(ushort Id, byte Qos, int First, int Count, Verdict? Known = null)
{
    /// <summary>What it is known by when it comes again after the connection broke.</summary>
    public int? Mark { get; init; }
}

/// <summary>Messages that came together and are stored together; they are acknowledged in the order in which they came.</summary>
internal sealed class Group
{
    public List<Incoming> Messages { get; } = [];

    public List<NewObservation> Observations { get; } = [];

    /// <summary>When the Observations are stored, or were refused one by one.</summary>
    public Task<Outcome[]>? Storing { get; set; }

    /// <summary>In the place of Observations: a message that creates something else.</summary>
    public Task<Verdict>? Creating { get; set; }
}
