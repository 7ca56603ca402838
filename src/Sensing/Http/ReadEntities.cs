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

        // The answer is sent when the seat and the store are free again: who takes it slowly holds neither.
        await (await Read(context, profile, path, query))();
    }

    /// <summary>Reads what is asked, and answers what sends it.</summary>
    private async Task<Func<Task>> Read(HttpContext context, Profile profile, List<PathSegment> path, QueryOptions query)
    {
        using var seat = NeedsSeat(query) ? await seats.Take(CallerAddress.Find(context.Connection.RemoteIpAddress), context.RequestAborted) : null;
        await using var read = await database.Read(context.RequestAborted);
        var resource = await Resource.Resolve(read, database.Engine, reader, profile, path);
        if (resource.Property is { } property)
        {
            Refuse(query, "a property");
            return await ReadProperty(context, read, resource, resource.Id!.Value, property);
        }

        if (resource.Reference)
        {
            return await ReadReferences(context, profile, read, resource, query);
        }

        if (resource.Id is { } id)
        {
            return await ReadEntity(context, profile, read, resource.Set, id, query);
        }

        if (query.Apply is { } apply)
        {
            Refuse(query, "$apply (filter(…)/ stands inside it)", "$apply", "$orderby", "$top", "$skip", "$count");
            var rows = await applied.Read(read, database.Engine, resource.Set, resource.Parent, apply);
            return () => Answer.Json(context, rows.Shaped(query).Write);
        }

        if (query.Thin is not null)
        {
            Refuse(query, "$thin", "$thin", "$filter", "$select", "$resultFormat");
            var thinned = await thinner.Read(read, database.Engine, resource.Set, resource.Parent, query, ResultFormats.Columns(resource.Set, query));
            return () => WritePage(context, profile, resource, query, thinned);
        }

        var page = await reader.ReadPage(read, database.Engine, resource.Set, resource.Parent, query, ResultFormats.Columns(resource.Set, query));
        return () => WritePage(context, profile, resource, query, page);
    }

    /// <summary>A question that may make the store work takes a seat; what is read by its key or in its own order takes none.</summary>
    private static bool NeedsSeat(QueryOptions query) =>
        query.Filter is not null || query.OrderBy.Count > 0 || query.Expand.Count > 0 || query.Apply is not null || query.Thin is not null || query.Skip > 0 || query.Count;

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

    private async Task<Func<Task>> ReadEntity(HttpContext context, Profile profile, ReadScope read, EntitySet set, long id, QueryOptions query)
    {
        Refuse(query, "one entity", "$select", "$expand");
        var (shape, row) = await reader.Find(read, database.Engine, set, id, query) ?? throw ResourcePath.NoEntity(set, id);
        var root = wire.RootOf(context.Request, profile);
        var tag = query is { Select: not null, Expand.Count: 0 } && await reader.Find(read, database.Engine, set, id, new QueryOptions()) is var (whole, all)
            ? Answer.TagOf(json => new EntityJson(root).WriteEntity(json, whole, all, new QueryOptions()))
            : null;
        return () => Answer.Json(context, json => new EntityJson(root).WriteEntity(json, shape, row, query), tag: tag);
    }

    /// <summary><c>…/$ref</c>: the addresses alone, of a page or of one entity.</summary>
    private async Task<Func<Task>> ReadReferences(HttpContext context, Profile profile, ReadScope read, Resource resource, QueryOptions query)
    {
        var (root, address) = Addresses(context, profile);
        if (resource.Id is { } id)
        {
            Refuse(query, "the reference of one entity");
            await resource.MustExist(read, database.Engine, reader);
            return () => Answer.Json(context, json => new EntityJson(root).WriteReference(json, resource.Set, id));
        }

        Refuse(query, "references", "$filter", "$orderby", "$top", "$skip", "$skiptoken", "$count");
        var page = await reader.ReadPage(read, database.Engine, resource.Set, resource.Parent, query with { Select = ["id"] });
        return () => Answer.Json(context, json => new EntityJson(root).WriteReferences(json, page, query, address));
    }

    /// <summary><c>…/name</c> as a member, <c>…/name/$value</c> as plain text; 204 when there is no value (OGC 18-088, 9.2.5 and 9.2.6).</summary>
    private async Task<Func<Task>> ReadProperty(HttpContext context, ReadScope read, Resource resource, long id, Property property)
    {
        var (shape, row) = await reader.Find(read, database.Engine, resource.Set, id, new QueryOptions { Select = [property.Name] }) ?? throw ResourcePath.NoEntity(resource.Set, id);
        var value = shape.ValueOf(property, row);
        if (shape.IsMissing(property, row))
        {
            return () =>
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            };
        }

        if (resource.Raw && shape.AsText(property, row) is { } text)
        {
            return () => Answer.Text(context, text);
        }

        return () => Answer.Json(context, json =>
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
