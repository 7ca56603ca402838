using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Trust;

namespace Madang.Sensing.Ingest;

/// <summary>An Observation that passed the door: times in microseconds, JSON as text. Id and feature are given when it is stored.</summary>
internal sealed class NewObservation
{
    /// <summary>Given when it is stored; given anew when the commit has to be tried again.</summary>
    public long Id { get; set; }

    public required long Datastream { get; init; }

    /// <summary>Who sent it: whether he may write there is judged in the commit.</summary>
    public Caller By { get; set; } = Caller.Nobody;

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
internal sealed record Refusal(string Field, string Reason)
{
    /// <summary>The reason of what its sender may not write; the same text in every place, so that it is known again after it was stored.</summary>
    public const string NotTheirs = "belongs to somebody else: this caller may not write there";
}

/// <summary>What a Datastream says to who writes into it: the feature of Observations that name none, whose it is, of a MultiDatastream how many values a result has, and before which moment it keeps nothing.</summary>
internal readonly record struct KnownDatastream(long? Feature, long? Provider, int? Parts, long? RawFrom)
{
    /// <summary>What is wrong with an Observation's result here; null when nothing is.</summary>
    public Refusal? Judge(NewObservation observation)
    {
        var isMulti = observation.Result.Kind == ResultKind.Parts;
        if (isMulti != Parts is not null)
        {
            return isMulti
                ? new Refusal("MultiDatastream", string.Create(CultureInfo.InvariantCulture, $"there is no MultiDatastream {observation.Datastream}"))
                : new Refusal("Datastream", string.Create(CultureInfo.InvariantCulture, $"there is no Datastream {observation.Datastream}"));
        }

        if (RawFrom is { } from && observation.Start < from)
        {
            return new Refusal("phenomenonTime", $"lies before {IsoTime.Write(IsoTime.FromMicros(from))}: this Datastream keeps its Observations for some days only");
        }

        return Parts is { } parts && Results.CountParts(observation.Result) is var given && given != parts
            ? new Refusal("result", string.Create(CultureInfo.InvariantCulture, $"has {given} values; the MultiDatastream has {parts} ObservedProperties"))
            : null;
    }
}
