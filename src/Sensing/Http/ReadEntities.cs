using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Doors;
using Madang.Sensing.Query;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Http;

/// <summary>GET: the service's root, a collection, an entity, or a property of one.</summary>
internal sealed class ReadEntities(IDatabase database, EntityReader reader, AppliedReader applied, Thinner thinner, QuerySeats seats, Wire wire, Sightings sightings, IOptions<MqttOptions> mqtt, IOptions<SensingOptions> options)
{
    public async Task Handle(HttpContext context, Profile profile)
    {
        var path = ResourcePath.Of(context.Request, profile);
        if (path.Count == 0)
        {
            await WriteRoot(context, profile);
            return;
        }

        if (path is [{ Name: "CreateObservations" }])
        {
            throw new CityRuleException("method-not-allowed", "CreateObservations takes a POST.", StatusCodes.Status405MethodNotAllowed, HttpMethods.Post);
        }

        var query = OptionsParser.Parse(context.Request.Query.SelectMany(option => option.Value.Select(value => KeyValuePair.Create(option.Key, value ?? ""))), options.Value.MaxExpandDepth);
        if (Answer.Prefers(context, "count=exact"))
        {
            query = query with { ExactCount = true };
        }

        await using var read = await database.Read(context.RequestAborted);
        var resource = await Resource.Resolve(read, database.Engine, reader, profile, path);
        if (resource.Property is { } property)
        {
            Refuse(query, "a property");
            await WriteProperty(context, read, resource, resource.Id!.Value, property);
        }
        else if (resource.Reference)
        {
            await WriteReferences(context, profile, read, resource, query);
        }
        else if (resource.Id is { } id)
        {
            await WriteEntity(context, profile, read, resource.Set, id, query);
        }
        else if (query.Apply is { } apply)
        {
            Refuse(query, "$apply (filter(…)/ stands inside it)", "$apply", "$orderby", "$top", "$skip", "$count");
            var rows = await Seated(context, query, () => applied.Read(read, database.Engine, resource.Set, resource.Parent, apply));
            await Answer.Json(context, rows.Shaped(query).Write);
        }
        else if (query.Thin is not null)
        {
            Refuse(query, "$thin", "$thin", "$filter", "$select", "$resultFormat");
            await WritePage(context, profile, resource, query, await Seated(context, query, () => thinner.Read(read, database.Engine, resource.Set, resource.Parent, query, ResultFormats.Columns(resource.Set, query))));
        }
        else
        {
            await WritePage(context, profile, resource, query, await Seated(context, query, () => reader.ReadPage(read, database.Engine, resource.Set, resource.Parent, query, ResultFormats.Columns(resource.Set, query))));
        }
    }

    private async Task WritePage(HttpContext context, Profile profile, Resource resource, QueryOptions query, Page page)
    {
        var (root, address) = Addresses(context, profile);
        if (query.ResultFormat is "CSV" or "GeoJSON")
        {
            await sightings.TakenOut(context);
        }

        await (query.ResultFormat switch
        {
            "dataArray" => Answer.Json(context, json => new DataArrays(root).Write(json, page, query, address)),
            "CSV" => ResultFormats.Csv(context, page, query, address, resource.Set.Name),
            "GeoJSON" => Answer.Json(context, json => ResultFormats.GeoJson(json, page, query, address, root), "application/geo+json"),
            _ => Answer.Json(context, json => new EntityJson(root).WritePage(json, page, query, address)),
        });
    }

    private async Task WriteEntity(HttpContext context, Profile profile, ReadScope read, EntitySet set, long id, QueryOptions query)
    {
        Refuse(query, "one entity", "$select", "$expand");
        var (shape, row) = await Seated(context, query, () => reader.Find(read, database.Engine, set, id, query)) ?? throw ResourcePath.NoEntity(set, id);
        var root = wire.RootOf(context.Request, profile);
        var tag = query is { Select: not null, Expand.Count: 0 } && await reader.Find(read, database.Engine, set, id, new QueryOptions()) is var (whole, all)
            ? Answer.TagOf(json => new EntityJson(root).WriteEntity(json, whole, all, new QueryOptions()))
            : null;
        await Answer.Json(context, json => new EntityJson(root).WriteEntity(json, shape, row, query), tag: tag);
    }

    /// <summary><c>…/$ref</c>: the addresses alone, of a page or of one entity.</summary>
    private async Task WriteReferences(HttpContext context, Profile profile, ReadScope read, Resource resource, QueryOptions query)
    {
        var (root, address) = Addresses(context, profile);
        if (resource.Id is { } id)
        {
            Refuse(query, "the reference of one entity");
            await resource.MustExist(read, database.Engine, reader);
            await Answer.Json(context, json => new EntityJson(root).WriteReference(json, resource.Set, id));
            return;
        }

        Refuse(query, "references", "$filter", "$orderby", "$top", "$skip", "$skiptoken", "$count");
        var page = await Seated(context, query, () => reader.ReadPage(read, database.Engine, resource.Set, resource.Parent, query with { Select = ["id"] }));
        await Answer.Json(context, json => new EntityJson(root).WriteReferences(json, page, query, address));
    }

    /// <summary><c>…/name</c> as a member, <c>…/name/$value</c> as plain text; 204 when there is no value (OGC 18-088, 9.2.5 and 9.2.6).</summary>
    private async Task WriteProperty(HttpContext context, ReadScope read, Resource resource, long id, Property property)
    {
        var (shape, row) = await reader.Find(read, database.Engine, resource.Set, id, new QueryOptions { Select = [property.Name] }) ?? throw ResourcePath.NoEntity(resource.Set, id);
        var value = shape.ValueOf(property, row);
        if (shape.IsMissing(property, row))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (resource.Raw && shape.AsText(property, row) is { } text)
        {
            await Answer.Text(context, text);
        }
        else
        {
            await Answer.Json(context, json =>
            {
                if (resource.Raw)
                {
                    shape.WriteValue(json, property, row, value);
                    return;
                }

                json.WriteStartObject();
                json.WritePropertyName(property.Kind == PropertyKind.Id ? "@iot.id" : property.Name);
                shape.WriteValue(json, property, row, value);
                json.WriteEndObject();
            });
        }
    }

    /// <summary>A question that may make the store work takes a seat; what is read by its key or in its own order takes none.</summary>
    private Task<T> Seated<T>(HttpContext context, QueryOptions query, Func<Task<T>> work) =>
        query.Filter is not null || query.OrderBy.Count > 0 || query.Expand.Count > 0 || query.Apply is not null || query.Thin is not null || query.Skip > 0 || query.Count
            ? seats.Read(CallerAddress.Find(context.Connection.RemoteIpAddress), work, context.RequestAborted)
            : work();

    private (string Root, string Address) Addresses(HttpContext context, Profile profile)
    {
        var root = wire.RootOf(context.Request, profile);
        return (root, root + context.Request.Path.Value![profile.Root.Length..].TrimEnd('/'));
    }

    private static void Refuse(QueryOptions query, string what, params string[] allowed)
    {
        if (query.Written.Keys.FirstOrDefault(name => name != "$format" && !allowed.Contains(name)) is { } wrong)
        {
            throw new InvalidInputException(wrong, allowed.Length == 0 ? $"does not apply to {what}" : $"does not apply to {what}; only {string.Join(", ", allowed)} do");
        }
    }

    private async Task WriteRoot(HttpContext context, Profile profile)
    {
        var root = wire.RootOf(context.Request, profile);
        await Answer.Json(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("value");
            foreach (var set in profile.Sets)
            {
                json.WriteStartObject();
                json.WriteString("name", set.Name);
                json.WriteString("url", string.Create(CultureInfo.InvariantCulture, $"{root}/{set.Name}"));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (profile != Profile.V10)
            {
                WriteConformance(json, profile == Profile.Tasking ? Conformance.Tasking : Conformance.Sensing, () => Endpoints.Write(json, root, mqtt.Value));
            }

            json.WriteEndObject();
        });
    }

    private static void WriteConformance(Utf8JsonWriter json, IEnumerable<string> requirements, Action more)
    {
        json.WriteStartObject("serverSettings");
        json.WriteStartArray("conformance");
        foreach (var requirement in requirements)
        {
            json.WriteStringValue(requirement);
        }

        json.WriteEndArray();
        more();
        json.WriteEndObject();
    }
}
