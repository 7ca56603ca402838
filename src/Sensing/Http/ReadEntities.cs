using System.Globalization;
using System.Text.Json;
using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Http;

/// <summary>GET: the service's root, a collection, an entity, or a property of one.</summary>
internal sealed class ReadEntities(IDatabase database, EntityReader reader, Wire wire, IOptions<SensingOptions> options)
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
        if (query.DataArray)
        {
            throw new InvalidInputException("$resultFormat", "reading as dataArray is not offered yet", 501);
        }

        await using var read = await database.Read(context.RequestAborted);
        var resource = await Resource.Resolve(read, database.Engine, reader, profile, path);
        if (resource.Id is not { } id)
        {
            await WritePage(context, profile, read, resource, query);
        }
        else if (resource.Property is { } property)
        {
            await WriteProperty(context, read, resource, id, property);
        }
        else
        {
            await WriteEntity(context, profile, read, resource.Set, id, query);
        }
    }

    private async Task WritePage(HttpContext context, Profile profile, ReadScope read, Resource resource, QueryOptions query)
    {
        var page = await reader.ReadPage(read, database.Engine, resource.Set, resource.Parent, query);
        var root = wire.RootOf(context.Request, profile);
        var address = root + context.Request.Path.Value![profile.Root.Length..].TrimEnd('/');
        await Wire.Write(context.Response, StatusCodes.Status200OK, json => new EntityJson(root).WritePage(json, page, query, address));
    }

    private async Task WriteEntity(HttpContext context, Profile profile, ReadScope read, EntitySet set, long id, QueryOptions query)
    {
        if (query.Written.Keys.FirstOrDefault(name => name is not ("$select" or "$expand" or "$format")) is { } wrong)
        {
            throw new InvalidInputException(wrong, "does not apply to one entity; only $select and $expand do");
        }

        var (shape, row) = await reader.Find(read, database.Engine, set, id, query) ?? throw ResourcePath.NoEntity(set, id);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json => new EntityJson(wire.RootOf(context.Request, profile)).WriteEntity(json, shape, row, query));
    }

    /// <summary><c>…/name</c> as a member, <c>…/name/$value</c> as plain text; 204 when there is no value (OGC 18-088, 9.2.5 and 9.2.6).</summary>
    private async Task WriteProperty(HttpContext context, ReadScope read, Resource resource, long id, Property property)
    {
        var (shape, row) = await reader.Find(read, database.Engine, resource.Set, id, new QueryOptions { Select = [property.Name] }) ?? throw ResourcePath.NoEntity(resource.Set, id);
        var value = shape.ValueOf(property, row);
        if (value is null && resource.Raw)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (resource.Raw && value is string text && property.Kind == PropertyKind.Text)
        {
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
        else
        {
            await Wire.Write(context.Response, StatusCodes.Status200OK, json =>
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

    private async Task WriteRoot(HttpContext context, Profile profile)
    {
        var root = wire.RootOf(context.Request, profile);
        await Wire.Write(context.Response, StatusCodes.Status200OK, json =>
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
                WriteConformance(json, profile == Profile.Tasking ? Conformance.Tasking : Conformance.Sensing);
            }

            json.WriteEndObject();
        });
    }

    private static void WriteConformance(Utf8JsonWriter json, IEnumerable<string> requirements)
    {
        json.WriteStartObject("serverSettings");
        json.WriteStartArray("conformance");
        foreach (var requirement in requirements)
        {
            json.WriteStringValue(requirement);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
