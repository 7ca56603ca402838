using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Madang.Operations.Door;

/// <summary>Answers what is so, has been, and where one figure comes from. What many ask at once is written once.</summary>
internal sealed class ReadCity(CityNow city)
{
    private const int MostTexts = 256;
    private const long MostBytes = 16 << 20;

    private readonly CityNow city = city;
    private readonly SharedTexts<TextKey> texts = new(MostTexts, MostBytes);

    internal static async Task<FileContentHttpResult> Now(string? data, string? measure, ReadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var (world, code) = (Words.ReadData(data), Words.ReadMeasure(measure));
        var now = await desk.city.ReadEdition(world, cancel);
        var key = new TextKey("now", "", now.Id, code is null ? "" : "." + now.Fold(code));
        return Answer(response, await desk.texts.Get(key, () => Task.FromResult(CityJson.Snapshot(now, code)), cancel), key.To + key.Measure);
    }

    internal static async Task<Results<JsonHttpResult<FigureOrigin>, NotFound>> Explain(string place, string measure, string? data, CityNow city, CancellationToken cancel) =>
        await city.Explain(place, measure, Words.ReadData(data), cancel) is { } origin ? TypedResults.Json(origin, CityJson.Options) : TypedResults.NotFound();

    internal static async Task<FileContentHttpResult> Stations(string? measure, string? data, ReadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var readings = await desk.city.ReadStations(Words.NeedMeasure(measure), Words.ReadData(data), cancel);
        var key = new TextKey("stations", "", readings.Id, readings.Measure);
        return Answer(response, await desk.texts.Get(key, () => Task.FromResult(CityJson.Write(readings)), cancel), $"{key.To}.{key.Measure}");
    }

    internal static async Task<FileContentHttpResult> At(string? measure, string? time, string? data, ReadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var moment = await desk.city.FindMoment(Words.NeedMeasure(measure), Words.NeedTime(time), Words.ReadData(data), cancel);
        var key = new TextKey("at", "", moment.Id, moment.Measure);
        // Not ended with this caller: others may wait for the same. The store ends what takes too long.
        var text = await desk.texts.Get(key, async () => CityJson.Write(await desk.city.ReadMoment(moment, CancellationToken.None)), cancel);
        return Answer(response, text, $"{key.To}.{key.Measure}");
    }

    internal static async Task<FileContentHttpResult> Day(string? data, ReadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var day = await desk.city.ReadDay(Words.ReadData(data), cancel);
        return Answer(response, await desk.texts.Get(new TextKey("day", "", day.Id, ""), () => Task.FromResult(CityJson.Write(day)), cancel), day.Id);
    }

    private static FileContentHttpResult Answer(HttpResponse response, byte[] text, string version)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(text, "application/json", entityTag: new EntityTagHeaderValue($"\"{version}\""));
    }
}
