using Madang.Kernel;
using NetTopologySuite;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.Valid;

namespace Madang.Sensing.Query;

/// <summary>
/// Shapes in a filter, as well-known text in WGS 84 longitude and latitude: <c>geography'POINT(127 37.5)'</c>. <c>geometry'…'</c>
/// means the same, because nothing is kept in another system.
/// </summary>
internal static class Wkt
{
    private const string System = "SRID=4326;";
    private const int MostPositions = 20_000;

    private static readonly NtsGeometryServices Services = new(NtsGeometryServices.Instance.DefaultCoordinateSequenceFactory, new PrecisionModel(), 4326);

    public static Geometry Read(string option, string text, int position)
    {
        var shape = Parse(option, text, position);
        if (shape.IsEmpty || shape.NumPoints > MostPositions)
        {
            throw Wrong(option, position, shape.IsEmpty ? "is empty" : $"has more than {MostPositions:N0} positions");
        }

        var box = shape.EnvelopeInternal;
        if (!(box.MinX >= -180 && box.MaxX <= 180 && box.MinY >= -90 && box.MaxY <= 90))
        {
            throw Wrong(option, position, "leaves longitude -180..180 or latitude -90..90 (longitude comes first)");
        }

        var check = new IsValidOp(shape);
        return check.IsValid ? shape : throw Wrong(option, position, $"is no sound shape: {check.ValidationError.Message} near {check.ValidationError.Coordinate.X} {check.ValidationError.Coordinate.Y}");
    }

    private static Geometry Parse(string option, string text, int position)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith("SRID=", StringComparison.OrdinalIgnoreCase))
        {
            trimmed = trimmed.StartsWith(System, StringComparison.OrdinalIgnoreCase) ? trimmed[System.Length..] : throw Wrong(option, position, "names another system than SRID 4326");
        }

        try
        {
            return new WKTReader(Services) { IsStrict = true }.Read(trimmed);
        }
        catch (Exception exception) when (exception is ParseException or ArgumentException or FormatException)
        {
            throw Wrong(option, position, $"is not well-known text such as POINT(127 37.5): {exception.Message}");
        }
    }

    private static InvalidInputException Wrong(string option, int position, string what) => new(option, $"the shape at position {position + 1} {what}");
}
