using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Webhooks;

/// <summary>What a webhook asks: all Observations, or those of one Datastream or MultiDatastream, with <c>$filter</c>, <c>$select</c> and <c>$expand</c>.</summary>
internal sealed record WebhookQuery(long? Datastream, QueryOptions Options)
{
    private const int Longest = 2_000;

    private static readonly string[] Offered = ["$filter", "$select", "$expand"];

    public static WebhookQuery Read(string? query, int maxDepth)
    {
        if (query is not { Length: > 0 and <= Longest })
        {
            throw new InvalidInputException("query", $"is required: at most {Longest} characters such as Datastreams(5)/Observations?$filter=result gt 35");
        }

        var question = query.IndexOf('?', StringComparison.Ordinal);
        var path = ResourcePath.Parse(question < 0 ? query : query[..question]);
        long? datastream = path switch
        {
            [{ Name: "Observations", Id: null }] => null,
            [{ Name: "Datastreams" or "MultiDatastreams", Id: { } id }, { Name: "Observations", Id: null }] => id,
            _ => throw new InvalidInputException("query", "asks for Observations: Observations?… or Datastreams(5)/Observations?…"),
        };
        var options = question < 0 ? [] : query[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2)).ToList();
        if (options.Find(option => option.Length < 2 || !Offered.Contains(option[0])) is { } wrong)
        {
            throw new InvalidInputException("query", $"'{wrong[0]}' is not offered here; there are {string.Join(", ", Offered)}");
        }

        return new WebhookQuery(datastream, OptionsParser.Parse(options.Select(option => KeyValuePair.Create(option[0], Uri.UnescapeDataString(option[1]))), maxDepth));
    }

    /// <summary>The query over what one commit brought to one Datastream.</summary>
    public QueryOptions Of(StoredReadings readings, int top)
    {
        Expression Compare(string name, string sign, object value) => new Binary(sign, new PathExpression([name], 0), new Literal(value, 0), 0);
        var brought = new[] { Compare("id", "ge", (double)readings.FirstId), Compare("id", "le", (double)readings.LastId), Compare("phenomenonTime", "ge", readings.First) }
            .Aggregate((left, right) => new Binary("and", left, right, 0));
        return Options with { Filter = Options.Filter is { } filter ? new Binary("and", brought, filter, 0) : brought, Top = top };
    }

    /// <summary>The relation that leads from a Datastream to its Observations; a MultiDatastream's columns are the same.</summary>
    public static Navigation FromDatastream => Profile.V11.Of(SensorThingsModel.Datastreams).FindNavigation("Observations")!;

    public override string ToString() => Datastream is { } id ? string.Create(CultureInfo.InvariantCulture, $"Datastreams({id})/Observations") : "Observations";
}
