namespace Madang.Web.Pages.Ask;

/// <summary>The names that an address of SensorThings may hold (OGC 18-088, clauses 8 to 10, and our options), and which of them somebody meant.</summary>
internal static class QueryNames
{
    /// <summary>The options, without their dollar.</summary>
    public static readonly string[] Options = ["filter", "select", "expand", "orderby", "top", "skip", "count", "apply", "thin", "resultFormat"];

    /// <summary>The sets.</summary>
    public static readonly string[] Sets =
        ["Things", "Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams", "Sensors", "ObservedProperties", "Observations", "FeaturesOfInterest", "Tasks", "Actuators", "TaskingCapabilities"];

    /// <summary>Relations to one.</summary>
    public static readonly string[] ToOne = ["Thing", "Datastream", "MultiDatastream", "Sensor", "ObservedProperty", "FeatureOfInterest", "TaskingCapability", "Actuator"];

    /// <summary>What holds JSON: below it any name may stand.</summary>
    public static readonly string[] Open = ["properties", "parameters", "unitOfMeasurement", "location", "feature", "metadata", "result", "resultQuality", "taskingParameters", "unitOfMeasurements"];

    private static readonly string[] Properties =
    [
        "id", "name", "description", "encodingType", "definition", "observationType", "observedArea", "phenomenonTime", "resultTime", "validTime", "time", "creationTime", "multiObservationDataTypes", .. Open,
    ];

    private static readonly string[] Words =
    [
        "eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "add", "sub", "mul", "div", "mod", "in", "asc", "desc", "true", "false", "null", "geography", "geometry", "duration", "geo", "now", "mindatetime", "maxdatetime",
        "contains", "substringof", "startswith", "endswith", "length", "indexof", "substring", "tolower", "toupper", "trim", "concat", "year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "totaloffsetminutes",
        "round", "floor", "ceiling", "before", "after", "meets", "during", "overlaps", "starts", "finishes",
    ];

    /// <summary>Words of other languages of queries, and what stands for them here.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new(StringComparer.OrdinalIgnoreCase)
    {
        ["like"] = "contains(name, '…')", ["ilike"] = "contains(tolower(name), '…')", ["is"] = "eq", ["equals"] = "eq", ["descending"] = "desc", ["ascending"] = "asc",
        ["between"] = "ge … and … le", ["lower"] = "tolower", ["upper"] = "toupper", ["len"] = "length", ["minus"] = "sub", ["plus"] = "add",
    };

    /// <summary>True for a property, a relation or a word of the language of filters.</summary>
    public static bool Knows(string name) => Properties.Contains(name) || Sets.Contains(name) || ToOne.Contains(name) || Words.Contains(name) || name.StartsWith("st_", StringComparison.Ordinal);

    /// <summary>The word of the language of filters for one that is written large, or comes from another language; null when it is neither.</summary>
    public static string? WordFor(string name) => Elsewhere.GetValueOrDefault(name) ?? Array.Find(Words, word => word.Equals(name, StringComparison.OrdinalIgnoreCase) && word != name);

    /// <summary>The property or relation that was meant; null when none is like it.</summary>
    public static string? Meant(string name) => Nearest(name, [.. Properties, .. ToOne, .. Sets]);

    /// <summary>The name most like it: of those that differ by a third of their letters at most; null when none does.</summary>
    public static string? Nearest(string name, IEnumerable<string> names) => names.Select(each => (Name: each, Steps: Steps(each, name))).Where(each => each.Steps <= Math.Max(1, each.Name.Length / 3)).OrderBy(each => each.Steps).Select(each => each.Name).FirstOrDefault();

    /// <summary>How many letters must be put in, taken out, changed or swapped with the next (Damerau, 1964); the size of letters counts for nothing.</summary>
    internal static int Steps(string one, string other)
    {
        var (left, right) = (one.ToLowerInvariant(), other.ToLowerInvariant());
        var steps = new int[left.Length + 1, right.Length + 1];
        for (var index = 0; index <= left.Length; index++)
        {
            for (var at = 0; at <= right.Length; at++)
            {
                steps[index, at] = index == 0 || at == 0 ? index + at : Math.Min(Math.Min(steps[index - 1, at], steps[index, at - 1]) + 1, steps[index - 1, at - 1] + (left[index - 1] == right[at - 1] ? 0 : 1));
                if (index > 1 && at > 1 && left[index - 1] == right[at - 2] && left[index - 2] == right[at - 1])
                {
                    steps[index, at] = Math.Min(steps[index, at], steps[index - 2, at - 2] + 1);
                }
            }
        }

        return steps[left.Length, right.Length];
    }
}
