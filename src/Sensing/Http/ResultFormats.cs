using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>The other ways to write a page: CSV of any set, GeoJSON of what has a place; and what each cannot carry.</summary>
internal static class ResultFormats
{
    /// <summary>The columns a format needs beside the properties; refuses what it cannot write.</summary>
    public static IReadOnlyList<string> Columns(EntitySet set, QueryOptions query)
    {
        if (query.ResultFormat is not { } format)
        {
            return [];
        }

        if (query.Expand.Count > 0)
        {
            throw new InvalidInputException("$expand", $"does not go together with $resultFormat={format}");
        }

        if (query.Select?.FirstOrDefault(name => set.FindProperty(name) is null) is { } relation)
        {
            throw new InvalidInputException("$select", $"'{relation}' is no property; {format} carries only properties");
        }

        return format switch
        {
            "dataArray" when set != SensorThingsModel.Observations => throw new InvalidInputException("$resultFormat", "dataArray is a form of Observations only"),
            "GeoJSON" when PlaceOf(set) is null => throw new InvalidInputException("$resultFormat", "GeoJSON is a form of Locations, FeaturesOfInterest and Datastreams only"),
            "dataArray" => DataArrays.Columns,
            "GeoJSON" => PlaceOf(set) is { Kind: PropertyKind.Place } place ? [place.Column] : [RowShape.AreaColumn],
            _ => [],
        };
    }

    /// <summary>One line an entity; what is JSON stands as JSON in its cell. The next page is named by a Link header.</summary>
    public static Task Csv(HttpContext context, Page page, QueryOptions query, string address, string name)
    {
        if (page.Next is { } next)
        {
            context.Response.Headers.Link = $"<{EntityJson.NextLink(address, query, next)}>; rel=\"next\"";
        }

        var csv = new Csv();
        foreach (var property in page.Shape.Properties)
        {
            csv.Text(property.Name);
        }

        csv.EndLine();
        foreach (var row in page.Rows)
        {
            foreach (var property in page.Shape.Properties)
            {
                Cell(csv, page.Shape, property, row);
            }

            csv.EndLine();
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.csv\"";
        return Answer.Send(context, csv.ToBytes(), "text/csv; charset=utf-8");
    }

    /// <summary>A FeatureCollection (RFC 7946); an entity without a shape is a Feature without a geometry.</summary>
    public static void GeoJson(Utf8JsonWriter json, Page page, QueryOptions query, string address, string root)
    {
        var place = PlaceOf(page.Shape.Set)!;
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        EntityJson.WriteAround(json, "", page.Count, EntityJson.NextLink(address, query, page.Next));
        json.WriteStartArray("features");
        foreach (var row in page.Rows)
        {
            json.WriteStartObject();
            json.WriteString("type", "Feature");
            json.WriteNumber("id", row.Id);
            json.WritePropertyName("geometry");
            WriteGeometry(json, page.Shape, place, row);
            json.WriteStartObject("properties");
            json.WriteString("@iot.selfLink", $"{root}/{page.Shape.Set.Name}({row.Id})");
            foreach (var property in page.Shape.Properties.Where(property => property.Name != place.Name && property.Kind != PropertyKind.Id))
            {
                page.Shape.WriteProperty(json, property, row);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Property? PlaceOf(EntitySet set) => set.Properties.FirstOrDefault(property => property.Kind is PropertyKind.Place or PropertyKind.Area);

    /// <summary>A Feature within a Feature is its geometry; what is no GeoJSON (an address) is no geometry.</summary>
    private static void WriteGeometry(Utf8JsonWriter json, RowShape shape, Property place, EntityRow row)
    {
        if (place.Kind == PropertyKind.Area || shape.ValueOf(place, row) is not string text)
        {
            shape.WriteValue(json, place, row, shape.ValueOf(place, row));
            return;
        }

        using var document = JsonDocument.Parse(text);
        var written = document.RootElement;
        if (written.ValueKind == JsonValueKind.Object && written.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
        {
            (type.GetString() == "Feature" && written.TryGetProperty("geometry", out var inner) ? inner : written).WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void Cell(Csv csv, RowShape shape, Property property, EntityRow row)
    {
        if (shape.IsMissing(property, row))
        {
            csv.Text("");
        }
        else if (shape.AsText(property, row) is { } text)
        {
            csv.Text(text);
        }
        else
        {
            using var buffer = new MemoryStream();
            using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                shape.WriteValue(json, property, row, shape.ValueOf(property, row));
            }

            var written = Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            if (double.TryParse(written, CultureInfo.InvariantCulture, out var number))
            {
                csv.Number(number);
            }
            else
            {
                csv.Text(written);
            }
        }
    }
}
