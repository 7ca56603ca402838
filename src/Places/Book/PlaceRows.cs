using System.Globalization;
using System.Text;
using Dapper;
using Madang.Storage;
using Madang.Trust;
using NetTopologySuite.IO;

namespace Madang.Places.Book;

/// <summary>Places as they lie in their table.</summary>
internal static class PlaceRows
{
    private const string Columns =
        """
        kind, code, kostat_code AS KostatCode, name_ko AS NameKo, name_en AS NameEn, population, population_source AS PopulationSource,
        area_km2 AS AreaKm2, longitude, latitude, source, licence, schematic, shape, population_at AS Day
        """;

    public static async Task<List<Place>> List(ReadScope read, Visibility visibility, string kind)
    {
        var places = await read.Connection.QueryAsync<Place, Raw, Place>(
            new CommandDefinition($"SELECT {Columns} FROM places p WHERE kind = @kind AND {visibility.Condition("places", "p")} ORDER BY code", new { kind }, read.Transaction, cancellationToken: read.Cancel),
            Finish,
            splitOn: "shape");
        return places.AsList();
    }

    /// <summary>All places of a kind, for a change that must see every one of them.</summary>
    public static async Task<Dictionary<string, Place>> ListForChange(WriteScope scope, string kind)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("LOCK TABLE places IN SHARE ROW EXCLUSIVE MODE", transaction: scope.Transaction);
        }

        var places = await scope.Connection.QueryAsync<Place, Raw, Place>($"SELECT {Columns} FROM places WHERE kind = @kind", Finish, new { kind }, scope.Transaction, splitOn: "shape");
        return places.ToDictionary(place => place.Code);
    }

    public static Task Save(WriteScope scope, Place place)
    {
        var box = place.Shape.EnvelopeInternal;
        return scope.Connection.ExecuteAsync(
            """
            INSERT INTO places (kind, code, kostat_code, name_ko, name_en, population, population_at, population_source, area_km2,
                longitude, latitude, west, south, east, north, shape, source, licence, schematic)
            VALUES (@Kind, @Code, @KostatCode, @NameKo, @NameEn, @Population, @PopulationAt, @PopulationSource, @AreaKm2,
                @Longitude, @Latitude, @MinX, @MinY, @MaxX, @MaxY, @Shape, @Source, @Licence, @Schematic)
            ON CONFLICT (kind, code) DO UPDATE SET kostat_code = excluded.kostat_code, name_ko = excluded.name_ko, name_en = excluded.name_en,
                population = excluded.population, population_at = excluded.population_at, population_source = excluded.population_source,
                area_km2 = excluded.area_km2, longitude = excluded.longitude, latitude = excluded.latitude,
                west = excluded.west, south = excluded.south, east = excluded.east, north = excluded.north,
                shape = excluded.shape, source = excluded.source, licence = excluded.licence, schematic = excluded.schematic
            """,
            new
            {
                place.Kind, place.Code, place.KostatCode, place.NameKo, place.NameEn, place.Population, PopulationAt = Day(place.PopulationAt),
                place.PopulationSource, place.AreaKm2, place.Longitude, place.Latitude, box.MinX, box.MinY, box.MaxX, box.MaxY,
                Shape = place.Shape.AsBinary(), place.Source, place.Licence, place.Schematic,
            },
            scope.Transaction);
    }

    /// <summary>True when both say the same in every member, shape included, position for position.</summary>
    public static bool Same(Place a, Place b) => Describe(a) == Describe(b) && a.Shape.EqualsExact(b.Shape);

    /// <summary>Everything but the shape, as one line of text.</summary>
    public static string Describe(Place place) => string.Create(
        CultureInfo.InvariantCulture,
        $"{place.Kind}\n{place.Code}\n{place.KostatCode}\n{place.NameKo}\n{place.NameEn}\n{place.Population}\n{Day(place.PopulationAt)}\n{place.PopulationSource}\n{place.AreaKm2:R}\n{place.Longitude:R}\n{place.Latitude:R}\n{place.Source}\n{place.Licence}\n{place.Schematic}");

    /// <summary>All of a place, shape included, for the record's digests.</summary>
    public static ReadOnlyMemory<byte> Image(Place place) => (byte[])[.. Encoding.UTF8.GetBytes(Describe(place)), .. place.Shape.AsBinary()];

    public static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Dapper fills a Place with what needs no translation; shape and day come beside it.</summary>
    private static Place Finish(Place place, Raw raw) => place with
    {
        Shape = new WKBReader().Read(raw.Shape),
        PopulationAt = raw.Day is null ? null : DateOnly.ParseExact(raw.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture),
    };

    private sealed class Raw
    {
        public required byte[] Shape { get; init; }

        public string? Day { get; init; }
    }
}
