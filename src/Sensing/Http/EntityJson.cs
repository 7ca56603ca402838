using System.Globalization;
using System.Text;
using System.Text.Json;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Http;

/// <summary>Entities and pages as the standard's JSON (OGC 18-088, clause 9.2): annotations, properties, links, expansions, next links.</summary>
internal sealed class EntityJson(string root)
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("@iot.id"), SelfLink = JsonEncodedText.Encode("@iot.selfLink");

    private readonly EntityLinks links = new(root);

    /// <summary>What the next links of one expansion share, so that it is written once for many parents.</summary>
    private readonly Dictionary<QueryOptions, string> shared = new(ReferenceEqualityComparer.Instance);

    public void WritePage(Utf8JsonWriter json, Page page, QueryOptions query, string address)
    {
        json.WriteStartObject();
        WriteAround(json, "", page.Count, NextLink(address, query, page.Next));
        json.WriteStartArray("value");
        foreach (var row in page.Rows)
        {
            WriteEntity(json, page.Shape, row, query);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The addresses of a page's entities (OGC 18-088, 9.2.8).</summary>
    public void WriteReferences(Utf8JsonWriter json, Page page, QueryOptions query, string address)
    {
        json.WriteStartObject();
        WriteAround(json, "", page.Count, NextLink(address, query, page.Next));
        json.WriteStartArray("value");
        foreach (var row in page.Rows)
        {
            WriteReference(json, page.Shape.Set, row.Id);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteReference(Utf8JsonWriter json, EntitySet set, long id)
    {
        json.WriteStartObject();
        json.WritePropertyName(SelfLink);
        links.Write(json, set, id);
        json.WriteEndObject();
    }

    public void WriteEntity(Utf8JsonWriter json, RowShape shape, EntityRow row, QueryOptions query)
    {
        json.WriteStartObject();
        if (query.Select is null || query.Select.Contains("@iot.selfLink"))
        {
            json.WritePropertyName(SelfLink);
            links.Write(json, shape.Set, row.Id);
        }

        foreach (var property in shape.Properties)
        {
            if (property.Kind == PropertyKind.Id)
            {
                json.WriteNumber(Id, row.Id);
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
                json.WritePropertyName(shape.LinkName(navigation));
                links.Write(json, shape.Set, row.Id, navigation);
            }
        }

        foreach (var item in query.Expand)
        {
            WriteExpansion(json, shape.Set, row.Id, shape.Set.FindNavigation(item.Navigation)!, row.Expansions![item.Navigation], item);
        }

        json.WriteEndObject();
    }

    private void WriteExpansion(Utf8JsonWriter json, EntitySet parent, long id, Navigation navigation, Expanded expanded, ExpandItem item)
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

        WriteAround(json, navigation.Name, expanded.Count, expanded.Next is { } next ? NextLink(parent, id, navigation, item.Options, next) : null);
        json.WriteStartArray(navigation.Name);
        foreach (var child in expanded.Rows)
        {
            WriteEntity(json, expanded.Shape, child, item.Options);
        }

        json.WriteEndArray();
    }

    /// <summary>The count of a collection and the link to the page behind this one.</summary>
    public static void WriteAround(Utf8JsonWriter json, string name, Total? count, string? nextLink)
    {
        if (count is not null)
        {
            json.WriteNumber(name + "@iot.count", count.Number);
            if (count.IsEstimate)
            {
                json.WriteBoolean(name + "@madang.countEstimate", true);
            }
        }

        if (nextLink is not null)
        {
            json.WriteString(name + "@iot.nextLink", nextLink);
        }
    }

    /// <summary>The same address and options, going on where this page ended; null when nothing is behind it.</summary>
    public static string? NextLink(string address, QueryOptions query, Next? next) => next is null ? null : address + Options(query) + next.Option + '=' + next.Value;

    private string NextLink(EntitySet parent, long id, Navigation navigation, QueryOptions query, Next next)
    {
        if (!shared.TryGetValue(query, out var options))
        {
            shared[query] = options = $"/{navigation.Name}{Options(query)}";
        }

        return string.Create(CultureInfo.InvariantCulture, $"{root}/{parent.Name}({id}){options}{next.Option}={next.Value}");
    }

    /// <summary>The options as they were written, without the place, from the question mark to the last ampersand.</summary>
    private static string Options(QueryOptions query)
    {
        var link = new StringBuilder("?");
        foreach (var (name, text) in query.Written)
        {
            if (name is not ("$skip" or "$skiptoken"))
            {
                link.Append(name).Append('=').Append(Uri.EscapeDataString(text)).Append('&');
            }
        }

        if (UnwrittenExpand(query) is { } expand)
        {
            link.Append("$expand=").Append(Uri.EscapeDataString(expand)).Append('&');
        }

        return link.ToString();
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
