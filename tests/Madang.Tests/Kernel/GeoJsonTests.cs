using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Madang.Kernel;
using NetTopologySuite.Geometries;

namespace Madang.Tests.Kernel;

public sealed class GeoJsonTests
{
    private static readonly Gen<Coordinate> Positions =
        from longitude in Gen.Choose(-1_800_000_000, 1_800_000_000)
        from latitude in Gen.Choose(-900_000_000, 900_000_000)
        select new Coordinate(longitude / 1e7, latitude / 1e7);

    private static readonly Gen<LinearRing> Rings =
        from corner in Positions
        from size in Gen.Choose(1, 1000)
        let x = Math.Min(corner.X, 179) let y = Math.Min(corner.Y, 89) let d = size / 10_000.0
        select new LinearRing([new(x, y), new(x + d, y), new(x + d, y + d), new(x, y)]);

    private static readonly Gen<Geometry> Simple = Gen.OneOf(
        Positions.Select(position => (Geometry)new Point(position)),
        Some(Positions, 1).Select(positions => (Geometry)new MultiPoint([.. positions.Select(position => new Point(position))])),
        Some(Positions, 2).Select(positions => (Geometry)new LineString(positions)),
        Some(Rings, 1).Select(rings => (Geometry)new Polygon(rings[0], rings[1..])),
        Some(Some(Positions, 2), 1).Select(lines => (Geometry)new MultiLineString([.. lines.Select(line => new LineString(line))])),
        Some(Rings, 1).Select(rings => (Geometry)new MultiPolygon([.. rings.Select(ring => new Polygon(ring))])));

    private static readonly Arbitrary<Geometry> Geometries =
        Gen.Frequency((4, Simple), (1, Some(Simple, 1).Select(parts => (Geometry)new GeometryCollection(parts)))).ToArbitrary();

    [Fact]
    public void Every_geometry_comes_back_as_it_was_written() => Prop.ForAll(Geometries, geometry =>
    {
        var text = Write(geometry);
        var read = Read(text);
        return Write(read) == text && read.EqualsExact(geometry, 1e-7);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Height_is_kept() => Assert.Equal("""{"type":"Point","coordinates":[126.9784,37.5666,38.5]}""", Write(Read("""{"type":"Point","coordinates":[126.9784,37.5666,38.5]}""")));

    [Fact]
    public void A_feature_is_read_as_its_geometry() =>
        Assert.IsType<Point>(Read("""{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[127,37.5]}}"""));

    [Theory]
    [InlineData("""{"type":"Point","coordinates":[37.5666,126.9784]}""", "location.coordinates")]
    [InlineData("""{"type":"Point","coordinates":[127]}""", "location.coordinates")]
    [InlineData("""{"type":"Point","coordinates":[127,"37"]}""", "location.coordinates[1]")]
    [InlineData("""{"type":"Point"}""", "location")]
    [InlineData("""{"type":"Circle","coordinates":[127,37]}""", "location.type")]
    [InlineData("""{"coordinates":[127,37]}""", "location")]
    [InlineData("""[127,37]""", "location")]
    [InlineData("""{"type":"LineString","coordinates":[[127,37]]}""", "location.coordinates")]
    [InlineData("""{"type":"Polygon","coordinates":[[[127,37],[127,38],[128,38],[128,37]]]}""", "location.coordinates[0]")]
    [InlineData("""{"type":"Polygon","coordinates":[]}""", "location.coordinates")]
    [InlineData("""{"type":"MultiPolygon","coordinates":[[[[127,37],[127,38],[128,1e999],[127,37]]]]}""", "location.coordinates[0][0][2][1]")]
    [InlineData("""{"type":"Feature","geometry":null}""", "location.geometry")]
    public void What_is_wrong_is_said_with_its_place(string json, string field) =>
        Assert.Equal(field, Assert.Throws<InvalidInputException>(() => Read(json)).Field);

    [Fact]
    public void A_geometry_with_too_many_positions_is_too_much()
    {
        var json = new StringBuilder("""{"type":"MultiPoint","coordinates":[""");
        json.AppendJoin(',', Enumerable.Repeat("[127,37]", GeoJson.MaxPositions + 1)).Append("]}");
        Assert.Equal(413, Assert.Throws<InvalidInputException>(() => Read(json.ToString())).Status);
    }

    [Fact]
    public void Collections_may_not_be_nested_without_end()
    {
        var json = string.Concat(Enumerable.Repeat("""{"type":"GeometryCollection","geometries":[""", 20)) + string.Concat(Enumerable.Repeat("]}", 20));
        Assert.Throws<InvalidInputException>(() => Read(json));
    }

    private static Gen<T[]> Some<T>(Gen<T> one, int atLeast) => Gen.Choose(atLeast, atLeast + 5).SelectMany(one.ArrayOf);

    private static Geometry Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return GeoJson.Read(document.RootElement, "location");
    }

    private static string Write(Geometry geometry)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            GeoJson.Write(json, geometry);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
