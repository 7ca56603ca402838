using System.Globalization;
using System.Text.Json;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Http;

/// <summary><c>$resultFormat=dataArray</c> (OGC 18-088, 13.1): the Observations of a page, grouped by Datastream, each as the values of the components named once.</summary>
internal sealed class DataArrays(string root)
{
    /// <summary>The columns by which Observations are grouped, beside those that are written.</summary>
    public static readonly string[] Columns = ["datastream_id", "result_kind"];

    private static readonly string[] Usual = ["id", "phenomenonTime", "resultTime", "result"];

    public void Write(Utf8JsonWriter json, Page page, QueryOptions query, string address)
    {
        var shape = page.Shape;
        var components = (query.Select ?? Usual).Select(name => shape.Set.FindProperty(name)!).Distinct().ToList();
        json.WriteStartObject();
        EntityJson.WriteAround(json, "", page.Count, EntityJson.NextLink(address, query, page.Next));
        json.WriteStartArray("value");
        foreach (var group in page.Rows.GroupBy(row => (long)shape.Get(row, "datastream_id")!))
        {
            Write(json, shape, group, components);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, RowShape shape, IGrouping<long, EntityRow> group, List<Property> components)
    {
        var kind = Convert.ToInt32(shape.Get(group.First(), "result_kind"), CultureInfo.InvariantCulture) == (int)ResultKind.Parts ? "MultiDatastream" : "Datastream";
        json.WriteStartObject();
        json.WriteString(kind + "@iot.navigationLink", string.Create(CultureInfo.InvariantCulture, $"{root}/{kind}s({group.Key})"));
        json.WriteStartArray("components");
        foreach (var component in components)
        {
            json.WriteStringValue(component.Name);
        }

        json.WriteEndArray();
        json.WriteNumber("dataArray@iot.count", group.Count());
        json.WriteStartArray("dataArray");
        foreach (var row in group)
        {
            json.WriteStartArray();
            foreach (var component in components)
            {
                shape.WriteValue(json, component, row, shape.ValueOf(component, row));
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
