using System.Globalization;
using Madang.Kernel;
using Madang.Places;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Operations.Door;

/// <summary>GET /api/city/sensors: the catalogue of sensors, as pages of JSON, as one CSV, and in short rows for a map.</summary>
internal static class FindSensors
{
    /// <summary>The most sensors of one page.</summary>
    private const int MostTop = 1_000;

    /// <summary>As many as a page holds when nobody says how many.</summary>
    private const int UsualTop = 50;

    /// <summary>The conditions, as they stand in the address.</summary>
    public sealed record Request
    {
        public string? Data { get; init; }

        public string? Q { get; init; }

        public string? Measure { get; init; }

        public string? District { get; init; }

        public string? State { get; init; }

        public string? Finding { get; init; }

        public string? Sort { get; init; }
    }

    /// <summary>A page: <c>count</c> is the number of all found, <c>states</c> how many there are of each health, <c>findings</c> of each finding, <c>next</c> the address of the page after it.</summary>
    public sealed record Response(
        CityData Data, DateTimeOffset? AsOf, int Count, int Skip, int Top, IReadOnlyDictionary<string, int> States, IReadOnlyDictionary<string, int> Findings, string? Next, IReadOnlyList<SensorNow> Sensors);

    /// <summary>For a map: each row is Thing, name, longitude, latitude, state, value (null: none), class of <see cref="Scale"/> (null: none), findings with spaces between (null: none). <c>placeless</c> counts those without a place.</summary>
    public sealed record MapResponse(CityData Data, DateTimeOffset? AsOf, string? Measure, string? Unit, int Count, int Placeless, IReadOnlyList<object?[]> Sensors);

    internal static async Task<JsonHttpResult<Response>> Handle([AsParameters] Request request, string? skip, string? top, CityNow city, PlaceBook places, HttpContext context, CancellationToken cancel)
    {
        var (from, most) = (Number("skip", skip, 0, int.MaxValue, 0), Number("top", top, 1, MostTop, UsualTop));
        var (catalogue, hits) = await Find(request, city, places, cancel);
        context.Response.Headers.CacheControl = "no-cache";
        var more = (long)from + most < hits.Sensors.Count;
        return TypedResults.Json(
            new Response(
                catalogue.Now.Data, catalogue.Now.AsOf, hits.Sensors.Count, from, most, hits.ByHealth.ToDictionary(pair => Word(pair.Key), pair => pair.Value), hits.ByFinding.ToDictionary(pair => Word(pair.Key), pair => pair.Value),
                more ? Next(context.Request, from + most) : null, [.. hits.Sensors.Skip(from).Take(most)]),
            CityJson.Options);
    }

    internal static async Task<PushStreamHttpResult> Csv([AsParameters] Request request, CityNow city, PlaceBook places, CancellationToken cancel)
    {
        var (catalogue, hits) = await Find(request, city, places, cancel);
        return TypedResults.Stream(stream => SensorCsv.Write(stream, hits, cancel), "text/csv; charset=utf-8", $"madang-sensors-{Live.Composer.Word(catalogue.Now.Data)}.csv");
    }

    /// <param name="request">The conditions.</param>
    /// <param name="lang"><c>en</c> for English names, as far as the sensors say one.</param>
    /// <param name="city">The city now.</param>
    /// <param name="places">The districts.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancel">Ends the work.</param>
    internal static async Task<JsonHttpResult<MapResponse>> Map([AsParameters] Request request, string? lang, CityNow city, PlaceBook places, HttpContext context, CancellationToken cancel)
    {
        var (catalogue, hits) = await Find(request, city, places, cancel);
        var scale = hits.Query.Measure is { } measure ? Scale.Of(measure) : null;
        var rows = hits.Sensors.Where(sensor => sensor is { Longitude: not null, Latitude: not null }).Select(sensor => Row(sensor, hits.Query, scale, lang == "en")).ToList();
        context.Response.Headers.CacheControl = "no-cache";
        var unit = hits.Query.Measure is { } asked ? hits.Sensors.Select(sensor => sensor.Find(asked)?.Unit).FirstOrDefault() : null;
        return TypedResults.Json(new MapResponse(catalogue.Now.Data, catalogue.Now.AsOf, hits.Query.Measure, unit, hits.Sensors.Count, hits.Sensors.Count - rows.Count, rows), CityJson.Options);
    }

    internal static string Word(SensorHealth health) => health switch
    {
        SensorHealth.Reporting => "reporting",
        SensorHealth.Late => "late",
        SensorHealth.Silent => "silent",
        _ => "dormant",
    };

    internal static string Word(SensorFinding finding) => finding switch
    {
        SensorFinding.Late => "late",
        SensorFinding.Silent => "silent",
        SensorFinding.Stuck => "stuck",
        SensorFinding.OutOfRange => "out-of-range",
        _ => "drifting",
    };

    private static object?[] Row(SensorNow sensor, SensorQuery query, Scale? scale, bool english)
    {
        var (measure, findings) = (query.Measure, SensorCatalogue.FindingsOf(sensor, query));
        var value = measure is null ? null : sensor.Find(measure)?.Value;
        return
        [
            sensor.Thing, english ? sensor.NameEn ?? sensor.Name : sensor.Name, Math.Round(sensor.Longitude!.Value, 5), Math.Round(sensor.Latitude!.Value, 5), Word(sensor.Health),
            value is { } number ? Measures.Published(measure!, number) : null, value is { } known ? scale?.ClassOf(known) : null,
            findings.Count == 0 ? null : string.Join(' ', findings.Select(Word)),
        ];
    }

    private static async Task<(SensorCatalogue, SensorHits)> Find(Request request, CityNow city, PlaceBook places, CancellationToken cancel)
    {
        var query = await Read(request, places, cancel);
        var catalogue = await city.OpenCatalogue(Words.ReadData(request.Data), cancel);
        return (catalogue, catalogue.Find(query));
    }

    private static async Task<SensorQuery> Read(Request request, PlaceBook places, CancellationToken cancel)
    {
        if (request.Q?.Length > SensorQuery.LongestText)
        {
            throw new InvalidInputException("q", $"may have {SensorQuery.LongestText} characters");
        }

        var measure = Words.ReadMeasure(request.Measure);
        var health = SensorQuery.ParseHealth(request.State);
        if (health is null && !string.IsNullOrEmpty(request.State))
        {
            throw new InvalidInputException("state", "must be reporting, late, silent or dormant");
        }

        var findings = SensorQuery.ParseFindings(request.Finding);
        if (findings is null && !string.IsNullOrEmpty(request.Finding))
        {
            throw new InvalidInputException("finding", "must be late, silent, stuck, out-of-range, drifting or any");
        }

        if (!string.IsNullOrEmpty(request.District) && request.District != SensorQuery.Outside && await places.Find(PlaceBook.District, request.District, cancel) is null)
        {
            throw new InvalidInputException("district", "is no district's administrative standard code; write one of /api/places/district, or outside");
        }

        var (order, descending) = string.IsNullOrEmpty(request.Sort) ? (SensorOrder.Name, false)
            : SensorQuery.ParseOrder(request.Sort) ?? throw new InvalidInputException("sort", "must be name, heard or value, or one of these with - before it");
        if (order == SensorOrder.Value && measure is null)
        {
            throw new InvalidInputException("sort", "by value needs a measure");
        }

        return new SensorQuery
        {
            Text = request.Q, Measure = measure, District = Some(request.District), Health = health, Findings = findings, Order = order, Descending = descending,
        };
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static int Number(string field, string? text, int least, int most, int usual) =>
        string.IsNullOrEmpty(text) ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidInputException(field, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}"));

    private static string Next(HttpRequest request, int skip)
    {
        var query = request.Query.Where(part => part.Key != "skip").SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value))
            .Append(KeyValuePair.Create("skip", (string?)skip.ToString(CultureInfo.InvariantCulture)));
        return request.Path + QueryString.Create(query);
    }
}
