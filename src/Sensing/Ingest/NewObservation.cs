using System.Globalization;
using System.Text.Json;
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

    /// <summary>Whose the Datastream is; known when it is stored.</summary>
    public long? Provider { get; set; }

    /// <summary>The session that sent it, where one wants to know its own doing again.</summary>
    public object? Origin { get; set; }

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

/// <summary>What a Datastream says to who writes into it: the feature of Observations that name none, whose it is, what its results are (of a MultiDatastream each of them), and before which moment it keeps nothing.</summary>
internal readonly record struct KnownDatastream(long? Feature, long? Provider, ResultType Type, IReadOnlyList<ResultType>? Parts, long? RawFrom)
{
    /// <summary>As it lies in the store: <paramref name="removed"/> is what retention removed already, <paramref name="kept"/> from when on its rule keeps.</summary>
    public static KnownDatastream Of(long? feature, long? provider, string type, string? types, long? removed, long? kept) => new(
        feature, provider, ResultTypes.Of(type), types is null ? null : [.. JsonSerializer.Deserialize<string[]>(types)!.Select(ResultTypes.Of)], removed > kept || kept is null ? removed : kept);

    /// <summary>What is wrong with an Observation here; null when nothing is.</summary>
    public Refusal? Judge(NewObservation observation)
    {
        var result = observation.Result;
        var isMulti = result.Kind == ResultKind.Parts;
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

        return Parts is { } parts ? JudgeParts(result, parts) : Type.Fits(result.Kind, result.Number) ? null : new Refusal("result", $"must be {Type.Words()}");
    }

    private static Refusal? JudgeParts(Result result, IReadOnlyList<ResultType> parts)
    {
        using var json = JsonDocument.Parse(result.Text!);
        if (json.RootElement.GetArrayLength() is var given && given != parts.Count)
        {
            return new Refusal("result", string.Create(CultureInfo.InvariantCulture, $"has {given} values; the MultiDatastream has {parts.Count} ObservedProperties"));
        }

        var index = 0;
        foreach (var part in json.RootElement.EnumerateArray())
        {
            var (type, field) = (parts[index], string.Create(CultureInfo.InvariantCulture, $"result[{index++}]"));
            if (!type.Fits(Results.KindOf(part), part.ValueKind == JsonValueKind.Number && part.TryGetDouble(out var number) ? number : null))
            {
                return new Refusal(field, $"must be {type.Words()}");
            }
        }

        return null;
    }
}
