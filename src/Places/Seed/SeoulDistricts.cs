using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Hosting;

namespace Madang.Places.Seed;

/// <summary>
/// Facts about Seoul's 25 autonomous districts. Centres are rounded to about 100 m and mean the middle of the area, not the
/// district office. They stand in the order that both code systems share.
/// </summary>
internal sealed class SeoulDistricts(IDatabase database, PlaceBook book, Recorder recorder) : IHostedService
{
    public const string ShapeSource = "마당 프로젝트가 중심점과 면적으로 그린 약도, 실제 경계 아님 (schematic shapes by the Madang project, not borders)";

    private const string PopulationSource =
        "서울시 주민등록인구(행정안전부), 2023년 말, 내국인, 천 명 단위 어림값 (Seoul resident registration, end of 2023, Koreans only, rounded to thousands)";

    /// <summary>Administrative code, Korean name, English name, longitude, latitude, area in km², people in thousands.</summary>
    public static readonly (string Code, string Ko, string En, double Longitude, double Latitude, double AreaKm2, int Thousands)[] Facts =
    [
        ("11110", "종로구", "Jongno-gu", 126.977, 37.593, 23.91, 139),
        ("11140", "중구", "Jung-gu", 126.996, 37.559, 9.96, 121),
        ("11170", "용산구", "Yongsan-gu", 126.980, 37.531, 21.87, 213),
        ("11200", "성동구", "Seongdong-gu", 127.041, 37.551, 16.86, 277),
        ("11215", "광진구", "Gwangjin-gu", 127.086, 37.546, 17.06, 336),
        ("11230", "동대문구", "Dongdaemun-gu", 127.055, 37.582, 14.22, 341),
        ("11260", "중랑구", "Jungnang-gu", 127.093, 37.598, 18.50, 382),
        ("11290", "성북구", "Seongbuk-gu", 127.018, 37.606, 24.58, 426),
        ("11305", "강북구", "Gangbuk-gu", 127.012, 37.643, 23.60, 286),
        ("11320", "도봉구", "Dobong-gu", 127.033, 37.669, 20.67, 305),
        ("11350", "노원구", "Nowon-gu", 127.075, 37.653, 35.44, 497),
        ("11380", "은평구", "Eunpyeong-gu", 126.927, 37.619, 29.71, 461),
        ("11410", "서대문구", "Seodaemun-gu", 126.939, 37.578, 17.63, 306),
        ("11440", "마포구", "Mapo-gu", 126.908, 37.559, 23.85, 364),
        ("11470", "양천구", "Yangcheon-gu", 126.856, 37.525, 17.41, 434),
        ("11500", "강서구", "Gangseo-gu", 126.823, 37.561, 41.44, 562),
        ("11530", "구로구", "Guro-gu", 126.856, 37.495, 20.12, 393),
        ("11545", "금천구", "Geumcheon-gu", 126.901, 37.460, 13.02, 229),
        ("11560", "영등포구", "Yeongdeungpo-gu", 126.910, 37.522, 24.35, 376),
        ("11590", "동작구", "Dongjak-gu", 126.952, 37.499, 16.36, 379),
        ("11620", "관악구", "Gwanak-gu", 126.945, 37.467, 29.57, 482),
        ("11650", "서초구", "Seocho-gu", 127.031, 37.473, 46.98, 405),
        ("11680", "강남구", "Gangnam-gu", 127.063, 37.497, 39.50, 545),
        ("11710", "송파구", "Songpa-gu", 127.115, 37.505, 33.87, 654),
        ("11740", "강동구", "Gangdong-gu", 127.147, 37.550, 24.59, 461),
    ];

    /// <summary>Statistics Korea numbers the same districts 11010, 11020 … 11250.</summary>
    public static string KostatCode(int index) => $"11{(index + 1) * 10:D3}";

    /// <summary>The administrative code of one of Statistics Korea's district codes.</summary>
    public static string? FromKostat(string kostat)
    {
        var index = Enumerable.Range(0, Facts.Length).FirstOrDefault(i => KostatCode(i) == kostat, -1);
        return index < 0 ? null : Facts[index].Code;
    }

    /// <summary>Adds the districts that are missing and touches no other, so that imported shapes stay.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var known = (await book.ListDistricts(cancellationToken)).Select(place => place.Code).ToHashSet();
        if (Facts.All(fact => known.Contains(fact.Code)))
        {
            return;
        }

        await database.Write(
            async scope =>
            {
                var stored = await PlaceRows.ListForChange(scope, PlaceBook.District);
                var missing = Drawn.Value.Where(place => !stored.ContainsKey(place.Code)).ToList();
                foreach (var place in missing)
                {
                    await PlaceRows.Save(scope, place);
                }

                await recorder.Record(scope, [.. missing.Select(place => new RecordEntry("places.create")
                {
                    Who = RecordEntry.Local, Purpose = "first-facts", Kind = Kinds.Place, Thing = $"{PlaceBook.District}/{place.Code}", After = PlaceRows.Image(place),
                })]);
                scope.Tell(new PlacesChanged(PlaceBook.District, [.. missing.Select(place => place.Code)]), PlaceBook.District);
            },
            cancellationToken);
        book.Forget(PlaceBook.District);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The same for every store, and some work: drawn when the first one wants it.</summary>
    private static readonly Lazy<IReadOnlyList<Place>> Drawn = new(Draw);

    private static List<Place> Draw()
    {
        var shapes = SchematicShapes.Draw([.. Facts.Select(fact => (fact.Longitude, fact.Latitude, fact.AreaKm2))]);
        return
        [
            .. Facts.Select((fact, i) => new Place
            {
                Kind = PlaceBook.District,
                Code = fact.Code,
                KostatCode = KostatCode(i),
                NameKo = fact.Ko,
                NameEn = fact.En,
                Population = fact.Thousands * 1000L,
                PopulationAt = new DateOnly(2023, 12, 31),
                PopulationSource = PopulationSource,
                AreaKm2 = fact.AreaKm2,
                Longitude = fact.Longitude,
                Latitude = fact.Latitude,
                Shape = shapes[i],
                Source = ShapeSource,
                Licence = "Apache-2.0",
                Schematic = true,
            }),
        ];
    }
}
