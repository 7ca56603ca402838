using System.Globalization;
using Madang.Kernel;
using Madang.Operations.Live;
using Madang.Places;
using Madang.Sensing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Madang.Operations.Door;

/// <summary>The table of districts and the curves of the day as files for a spreadsheet.</summary>
internal sealed class DownloadCity(CityNow city, PlaceBook places, IOptions<SensingOptions> sensing)
{
    private const string CityCode = "city", CityName = "도시 전체";
    private const int MostTexts = 16;
    private const long MostBytes = 16 << 20;

    private readonly CityNow city = city;
    private readonly PlaceBook places = places;
    private readonly SharedTexts<TextKey> texts = new(MostTexts, MostBytes);
    private readonly TimeZoneInfo zone = sensing.Value.FindZone();

    /// <param name="data">The world.</param>
    /// <param name="at">A moment of the last day, whose ten minutes are meant; null for now.</param>
    /// <param name="desk">Writes the files.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancel">Ends the work.</param>
    internal static async Task<FileContentHttpResult> Now(string? data, string? at, DownloadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var now = await desk.city.Read(Words.ReadData(data), cancel);
        if (at is not null)
        {
            return await desk.Then(now, at, response, cancel);
        }

        var text = await desk.texts.Get(new("now.csv", "", now.Id, ""), () => Task.FromResult(desk.WriteNow(now)), cancel);
        return Answer(response, text, now.Id, $"madang-now-{Word(now.Data)}.csv");
    }

    /// <param name="data">The world.</param>
    /// <param name="district">The district alone, by code; null for the city and all of them.</param>
    /// <param name="desk">Writes the files.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cancel">Ends the work.</param>
    internal static async Task<FileContentHttpResult> Day(string? data, string? district, DownloadCity desk, HttpResponse response, CancellationToken cancel)
    {
        var day = await desk.city.ReadDay(Words.ReadData(data), cancel);
        var names = (await desk.places.ListDistricts(cancel)).ToDictionary(place => place.Code, place => place.NameKo);
        if (district is not null && !names.ContainsKey(district))
        {
            throw new InvalidInputException("district", $"'{district}' is the code of no district; /api/places/district lists them.");
        }

        var text = await desk.texts.Get(new("day.csv", district ?? "", day.Id, ""), () => Task.FromResult(desk.WriteDay(day, names, district)), cancel);
        return Answer(response, text, day.Id, district is null ? $"madang-day-{Word(day.Data)}.csv" : $"madang-day-{district}-{Word(day.Data)}.csv");
    }

    /// <summary>The table as it stood at the end of ten minutes of the last day; who was heard then is not known.</summary>
    private async Task<FileContentHttpResult> Then(CitySnapshot now, string at, HttpResponse response, CancellationToken cancel)
    {
        var day = await city.ReadDay(now.Data, cancel);
        if (!IsoTime.TryParse(at, out var time) || time < day.From || time >= day.From + (DayCurves.Step * DayCurves.Most))
        {
            throw new InvalidInputException("at", $"must be a moment of the last day of these data, from {IsoTime.Write(day.From)}");
        }

        var step = (int)((time - day.From) / day.Step);
        var text = await texts.Get(new("now.csv", IsoTime.Write(day.From + (day.Step * step)), day.Id, ""), () => Task.FromResult(WriteThen(now, day, step)), cancel);
        return Answer(response, text, $"{day.Id}-{step}", $"madang-{TimeZoneInfo.ConvertTime(day.From + (day.Step * step), zone).ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture)}-{Word(now.Data)}.csv");
    }

    private byte[] WriteThen(CitySnapshot now, CityDay day, int step)
    {
        var csv = new CsvText();
        foreach (var title in (string[])["time", "code", "name", .. Measures.Main.SelectMany(measure => new[] { $"{measure} ({day.Measures[measure].Unit})", $"{measure} grade" }), "data"])
        {
            csv.Text(title);
        }

        csv.End();
        Row(CityCode, CityName, measure => day.Measures[measure].City[step]);
        foreach (var district in now.Districts)
        {
            Row(district.Code, district.Name, measure => day.Measures[measure].Districts.GetValueOrDefault(district.Code)?[step]);
        }

        return csv.ToBytes();

        void Row(string code, string name, Func<string, double?> find)
        {
            csv.Plain(Time(day.From + (day.Step * step))).Text(code).Text(name);
            foreach (var measure in Measures.Main)
            {
                var value = find(measure);
                csv.Number(value).Text(value is { } known && AirGrades.Of(measure, Measures.Published(measure, known)) is { } grade ? GradeOf(grade) : "");
            }

            csv.Text(Word(day.Data)).End();
        }
    }

    private byte[] WriteNow(CitySnapshot now)
    {
        var csv = new CsvText();
        foreach (var title in (string[])["code", "name", .. Measures.Main.SelectMany(measure => new[] { $"{measure} ({UnitOf(now, measure)})", $"{measure} grade" }), "sensors reporting", "sensors", "last value", "data"])
        {
            csv.Text(title);
        }

        csv.End();
        Row(csv, CityCode, CityName, now.Find, now.Sensors, now.AsOf, now.Data);
        foreach (var district in now.Districts)
        {
            Row(csv, district.Code, district.Name, district.Find, district.Sensors, district.LastHeard, now.Data);
        }

        return csv.ToBytes();
    }

    private void Row(CsvText csv, string code, string name, Func<string, Figure?> find, SensorCount sensors, DateTimeOffset? last, CityData data)
    {
        csv.Text(code).Text(name);
        foreach (var figure in Measures.Main.Select(find))
        {
            csv.Number(figure?.Value).Text(figure?.Grade is { } grade ? GradeOf(grade) : "");
        }

        csv.Number(sensors.Reporting).Number(sensors.Total).Plain(last is { } at ? Time(at) : "").Text(Word(data)).End();
    }

    private byte[] WriteDay(CityDay day, Dictionary<string, string> names, string? district)
    {
        var csv = new CsvText();
        csv.Text("time").Text("place code").Text("place name").Text("measure").Text("unit").Text("value").Text("data").End();
        var times = Enumerable.Range(0, DayCurves.Most).Select(step => Time(day.From + (day.Step * step))).ToList();
        foreach (var (measure, curves) in day.Measures)
        {
            if (district is null)
            {
                Curve(CityCode, CityName, curves.City);
            }

            foreach (var (code, values) in curves.Districts.Where(curve => district is null || curve.Key == district))
            {
                Curve(code, names.GetValueOrDefault(code, ""), values);
            }

            void Curve(string code, string name, IReadOnlyList<double?> values)
            {
                for (var step = 0; step < values.Count; step++)
                {
                    csv.Plain(times[step]).Text(code).Text(name).Text(measure).Text(curves.Unit ?? "").Number(values[step]).Text(Word(day.Data)).End();
                }
            }
        }

        return csv.ToBytes();
    }

    /// <summary>With the city's own offset, so that a reader sees the hour that the screens show.</summary>
    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string UnitOf(CitySnapshot now, string measure) => now.Find(measure)?.Unit ?? "";

    private static string GradeOf(AirGrade grade) => grade switch
    {
        AirGrade.Good => "good",
        AirGrade.Moderate => "moderate",
        AirGrade.Bad => "bad",
        _ => "very-bad",
    };

    private static string Word(CityData data) => Composer.Word(data);

    private static FileContentHttpResult Answer(HttpResponse response, byte[] text, string version, string name)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(text, "text/csv; charset=utf-8", name, entityTag: new EntityTagHeaderValue($"\"{version}\""));
    }
}
