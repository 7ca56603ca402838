using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Madang.Operations.Door;

/// <summary>Answers what is so now, and where one figure comes from.</summary>
internal static class ReadCity
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    internal static async Task<FileContentHttpResult> Handle(string? data, CityNow city, HttpResponse response, CancellationToken cancel)
    {
        var snapshot = await city.Read(Parse(data), cancel);
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(snapshot, Json), "application/json", entityTag: new EntityTagHeaderValue($"\"{snapshot.Id}\""));
    }

    internal static async Task<Results<JsonHttpResult<FigureOrigin>, NotFound>> Explain(string place, string measure, string? data, CityNow city, CancellationToken cancel) =>
        await city.Explain(place, measure, Parse(data), cancel) is { } origin ? TypedResults.Json(origin, Json) : TypedResults.NotFound();

    internal static CityData? Parse(string? data) => data switch
    {
        null or "" => null,
        "real" => CityData.Real,
        "simulated" => CityData.Simulated,
        _ => throw new InvalidInputException("data", $"'{data}' is not a choice; write real or simulated, or leave it out"),
    };
}
