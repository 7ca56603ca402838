using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Http;

/// <summary>Entities and pages as the standard's JSON (OGC 18-088, clause 9.2): annotations, properties, links, expansions, next links.</summary>
internal sealed class EntityJson(string root)
{
    public void WritePage(Utf8JsonWriter json, Page page, QueryOptions query, string address)
    {
        json.WriteStartObject();
        if (page.Count is { } count)
        {
            json.WriteNumber("@iot.count", count);
        }

        if (page.More)
        {
            json.WriteString("@iot.nextLink", NextLink(address, query, page.Rows.Count));
        }

        json.WriteStartArray("value");
        foreach (var row in page.Rows)
        {
            WriteEntity(json, page.Shape, row, query);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteEntity(Utf8JsonWriter json, RowShape shape, EntityRow row, QueryOptions query)
    {
        var self = $"{root}/{shape.Set.Name}({row.Id.ToString(CultureInfo.InvariantCulture)})";
        json.WriteStartObject();
        if (query.Select is null)
        {
            json.WriteString("@iot.selfLink", self);
        }

        foreach (var property in shape.Properties)
        {
            if (property.Kind == PropertyKind.Id)
            {
                json.WriteNumber("@iot.id", row.Id);
            }
            else
            {
                shape.WriteProperty(json, property, row);
            }
        }

        foreach (var navigation in shape.Navigations)
        {
            if (row.Expansions?.ContainsKey(navigation.Name) != true && shape.Leads(navigation, row))
            {
                json.WriteString(navigation.Name + "@iot.navigationLink", $"{self}/{navigation.Name}");
            }
        }

        foreach (var item in query.Expand)
        {
            WriteExpansion(json, shape.Set.FindNavigation(item.Navigation)!, row.Expansions![item.Navigation], item, self);
        }

        json.WriteEndObject();
    }

    private void WriteExpansion(Utf8JsonWriter json, Navigation navigation, Expanded expanded, ExpandItem item, string self)
    {
        if (!navigation.Many)
        {
            json.WritePropertyName(navigation.Name);
            if (expanded.Rows.Count == 0)
            {
                json.WriteNullValue();
            }
            else
            {
                WriteEntity(json, expanded.Shape, expanded.Rows[0], item.Options);
            }

            return;
        }

        if (expanded.Count is { } count)
        {
            json.WriteNumber(navigation.Name + "@iot.count", count);
        }

        if (expanded.More)
        {
            json.WriteString(navigation.Name + "@iot.nextLink", NextLink($"{self}/{navigation.Name}", item.Options, expanded.Rows.Count));
        }

        json.WriteStartArray(navigation.Name);
        foreach (var child in expanded.Rows)
        {
            WriteEntity(json, expanded.Shape, child, item.Options);
        }

        json.WriteEndArray();
    }

    /// <summary>The same address and options with <c>$skip</c> moved on, so that following it goes on where this page ended.</summary>
    private static string NextLink(string address, QueryOptions query, int given)
    {
        var link = new StringBuilder(address).Append('?');
        foreach (var (name, text) in query.Written)
        {
            if (name != "$skip")
            {
                link.Append(name).Append('=').Append(Uri.EscapeDataString(text)).Append('&');
            }
        }

        if (UnwrittenExpand(query) is { } expand)
        {
            link.Append("$expand=").Append(Uri.EscapeDataString(expand)).Append('&');
        }

        return link.Append("$skip=").Append((query.Skip + given).ToString(CultureInfo.InvariantCulture)).ToString();
    }

    private static string Written(ExpandItem item)
    {
        var options = item.Options.Written.Select(option => $"{option.Key}={option.Value}").ToList();
        if (UnwrittenExpand(item.Options) is { } expand)
        {
            options.Add("$expand=" + expand);
        }

        return options.Count == 0 ? item.Navigation : $"{item.Navigation}({string.Join(';', options)})";
    }

    /// <summary>The <c>$expand</c> that a path such as <c>A/B($top=1)</c> implies at A, where nobody wrote one.</summary>
    private static string? UnwrittenExpand(QueryOptions options) =>
        options.Expand.Count > 0 && !options.Written.ContainsKey("$expand") ? string.Join(',', options.Expand.Select(Written)) : null;
}
