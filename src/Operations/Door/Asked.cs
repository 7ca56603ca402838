using System.Globalization;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;

namespace Madang.Operations.Door;

/// <summary>Reads what stands in the query of a list.</summary>
internal static class Asked
{
    public static long? Number(string? text, string field) =>
        text is null ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidInputException(field, "is a whole number");

    public static int Top(string? text) => (int)Math.Min(Number(text, "top") ?? 100, int.MaxValue);

    public static CityData? Data(string? text) => text switch { null => null, "real" => CityData.Real, "simulated" => CityData.Simulated, _ => throw new InvalidInputException("data", "is real or simulated") };

    /// <summary>The address of the next page; null when this one is not full.</summary>
    public static string? Next(HttpRequest request, int found, int top, long? last) => found < top || last is null ? null
        : request.Path + QueryString.Create(request.Query.Where(part => part.Key is not ("before" or "top")).SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value))
            .Append(new("before", last.Value.ToString(CultureInfo.InvariantCulture))).Append(new("top", top.ToString(CultureInfo.InvariantCulture))));
}
