using Madang.Sensing.Model;

namespace Madang.Sensing.Ingest;

/// <summary>An Observation that passed the door: times in microseconds, JSON as text. Id and feature are given when it is stored.</summary>
internal sealed class NewObservation
{
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

    public long? Feature { get; set; }
}

/// <summary>Why an Observation that was well formed could not be stored.</summary>
internal sealed record Refusal(string Field, string Reason);
