using Madang.Sensing.Model;

namespace Madang.Sensing.Ingest;

/// <summary>An Observation that passed the door: times in microseconds, JSON as text. Id and feature are given when it is stored.</summary>
internal sealed class NewObservation
{
    /// <summary>Given when it is stored; given anew when the commit has to be tried again.</summary>
    public long Id { get; set; }

    public required long Datastream { get; init; }

    public required long Start { get; init; }

    public long? End { get; init; }

    public required Result Result { get; init; }

    public long? ResultTime { get; init; }

    public long? ValidStart { get; init; }

    public long? ValidEnd { get; init; }

    public string? Quality { get; init; }

    public string? Parameters { get; init; }

    /// <summary>The feature of interest that the sender named.</summary>
    public long? Feature { get; init; }

    /// <summary>The feature of interest it is stored with: the sender's, or the one of its Thing's Location.</summary>
    public long StoredFeature { get; set; }
}

/// <summary>Why an Observation that was well formed could not be stored.</summary>
internal sealed record Refusal(string Field, string Reason);
