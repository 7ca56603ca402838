using Madang.Places;

namespace Madang.Operations.Air;

/// <summary>Makes the comprehensive air-quality index of every place.</summary>
internal sealed class IndexMaker(AirReader reader, PlaceBook places)
{
    private const int Back = 26, Predicted = 12, StillNow = 3;

    private static readonly RuleText Method = new(
        "환경부·한국환경공단 통합대기환경지수(CAI). PM10과 PM2.5는 24시간 예측이동평균, 나머지는 1시간 평균으로 셈합니다. 구와 시의 값은 1시간 자료의 75 % 이상이 있는 도시대기 측정소의 평균입니다.",
        "Comprehensive air-quality index (CAI), Ministry of Environment and Korea Environment Corporation. PM10 and PM2.5 by the predicted mean of 24 hours, the others by the mean of the hour; a district and the city by the mean of the air quality stations with at least 75 % of the hour's readings.");

    private static readonly RuleText WholeCity = new("시 전체", "The whole city");

    /// <summary>What is told when no station says anything.</summary>
    public static AirNow Nothing(CityData data) => new(data, null, null, [], [], Method);

    /// <summary>The index at the end of an hour; or of the newest hour up to it that enough stations have told of.</summary>
    public async Task<AirNow> Make(CityData data, AirNetwork network, DateTimeOffset full, bool isNow, CancellationToken cancel)
    {
        var hours = await reader.Read(network, CleanAirIndex.Measures, full.AddHours(-Back), full, each: true, cancel);
        if ((isNow ? Newest(network, hours, full) : full) is not { } hour)
        {
            return Nothing(data);
        }

        var names = (await places.ListDistricts(cancel)).ToDictionary(place => place.Code);
        var districts = network.All.Where(station => station.District is not null).GroupBy(station => station.District!).OrderBy(district => district.Key, StringComparer.Ordinal);
        return new AirNow(
            data, hour, Place(AirReader.City, WholeCity, network.All.Count, hours, hour),
            [.. districts.Select(district => Place(district.Key, names.TryGetValue(district.Key, out var place) ? new(place.NameKo, place.NameEn) : new(district.Key, district.Key), district.Count(), hours, hour))],
            [.. network.All.OrderBy(station => station.Name.Ko, StringComparer.Ordinal).Take(AirDesk.MostStations).Select(station => Place(AirReader.CodeOf(station), station.Name, 1, hours, hour))],
            Method);
    }

    /// <summary>The newest hour of which at least half of the stations that spoke within the day have told; null when that is over three hours ago.</summary>
    private static DateTimeOffset? Newest(AirNetwork network, AirHours hours, DateTimeOffset full)
    {
        List<string> heard = [.. network.All.Select(AirReader.CodeOf).Where(station => Enumerable.Range(0, Back - 1).Any(back => Tells(hours, station, full.AddHours(-back))))];
        return heard.Count == 0 ? null
            : Enumerable.Range(0, StillNow + 1).Select(back => (DateTimeOffset?)full.AddHours(-back)).FirstOrDefault(hour => heard.Count(station => Tells(hours, station, hour!.Value)) * 2 >= heard.Count);
    }

    private static bool Tells(AirHours hours, string station, DateTimeOffset hour) => CleanAirIndex.Measures.Any(measure => hours.At(station, measure, hour) is not null);

    private static AirPlace Place(string code, RuleText name, int stations, AirHours hours, DateTimeOffset hour)
    {
        var values = new Dictionary<string, double>();
        foreach (var measure in CleanAirIndex.Measures)
        {
            if ((PredictedMean.Covers(measure) ? PredictedMean.Of(measure, hours.Last(code, measure, hour, Predicted)) : hours.At(code, measure, hour)) is { } value)
            {
                values.Add(measure, value);
            }
        }

        var index = CleanAirIndex.Of(values);
        return new AirPlace(
            code, name, stations, index.Index, index.Grade, index.Parts.Count == 0 ? null : index.Parts[0].Measure, index.Added,
            [.. index.Parts.Select(part => new AirPart(part.Measure, AirStations.UnitOf(part.Measure), part.Value, hours.At(code, part.Measure, hour), part.Index, CleanAirIndex.GradeOf(part.Index), PredictedMean.Covers(part.Measure)))],
            index.Missing);
    }
}
