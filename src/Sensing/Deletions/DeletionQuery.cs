using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Deletions;

/// <summary>Which Observations are to go: those of one Datastream or MultiDatastream, or all, and of these what a filter lets through.</summary>
internal sealed record DeletionQuery(EntitySet? Stream, long? Datastream, Expression? Filter)
{
    private const int Longest = 4_000;

    public static DeletionQuery Read(string? query, int maxDepth)
    {
        if (query is not { Length: > 0 and <= Longest })
        {
            throw new InvalidInputException("query", $"is required: at most {Longest} characters such as Datastreams(5)/Observations?$filter=result gt 900");
        }

        var question = query.IndexOf('?', StringComparison.Ordinal);
        (EntitySet? stream, long? datastream) = ResourcePath.Parse(question < 0 ? query : query[..question]) switch
        {
            [{ Name: "Observations", Id: null }] => ((EntitySet?)null, (long?)null),
            [{ Name: "Datastreams", Id: { } id }, { Name: "Observations", Id: null }] => (SensorThingsModel.Datastreams, (long?)id),
            [{ Name: "MultiDatastreams", Id: { } id }, { Name: "Observations", Id: null }] => (SensorThingsModel.MultiDatastreams, (long?)id),
            _ => throw new InvalidInputException("query", "asks for Observations: Observations?$filter=… or Datastreams(5)/Observations?$filter=…"),
        };
        var options = question < 0 ? [] : query[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2)).ToList();
        if (options.Find(option => option.Length < 2 || option[0] != "$filter") is { } wrong)
        {
            throw new InvalidInputException("query", $"'{wrong[0]}' is not offered here; only $filter is");
        }

        var filter = OptionsParser.Parse(options.Select(option => KeyValuePair.Create(option[0], Uri.UnescapeDataString(option[1]))), maxDepth).Filter;
        return datastream is null && filter is null
            ? throw new InvalidInputException("query", "names neither a Datastream nor a $filter; to delete everything is not offered")
            : new DeletionQuery(stream, datastream, filter);
    }

    public override string ToString() => Datastream is { } id ? string.Create(CultureInfo.InvariantCulture, $"{Stream!.Name}({id})/Observations") : "Observations";
}
