using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Madang.Places.Door;

/// <summary>Answers the places of a kind, or one of them, with an entity tag that changes only when they do.</summary>
internal static class ReadPlaces
{
    internal static async Task<Results<FileContentHttpResult, NotFound>> HandleAll(string kind, string? codes, string? geometry, PlaceBook book, HttpResponse response, CancellationToken cancel)
    {
        var (kostat, withShapes) = (IsKostat(codes), WantsShapes(geometry));
        var version = await book.Version(kind, cancel);
        var places = await book.List(kind, cancel);
        return places.Count == 0 ? TypedResults.NotFound() : Answer(FeatureWriter.WriteAll(places, withShapes, kostat), version, withShapes, kostat, response);
    }

    internal static async Task<Results<FileContentHttpResult, NotFound>> HandleOne(string kind, string code, string? codes, string? geometry, PlaceBook book, HttpResponse response, CancellationToken cancel)
    {
        var (kostat, withShape) = (IsKostat(codes), WantsShapes(geometry));
        var version = await book.Version(kind, cancel);
        var place = (await book.List(kind, cancel)).FirstOrDefault(place => (kostat ? place.KostatCode : place.Code) == code);
        return place is null ? TypedResults.NotFound() : Answer(FeatureWriter.WriteOne(place, withShape, kostat), version, withShape, kostat, response);
    }

    /// <summary>Which code system the caller speaks: <c>adm</c> (default) or <c>kostat</c>.</summary>
    internal static bool IsKostat(string? codes) => codes switch
    {
        null or "" or "adm" => false,
        "kostat" => true,
        _ => throw new InvalidInputException("codes", $"'{codes}' is not a code system; write adm (administrative standard codes) or kostat (Statistics Korea)"),
    };

    private static bool WantsShapes(string? geometry) => geometry switch
    {
        null or "" or "full" => true,
        "none" => false,
        _ => throw new InvalidInputException("geometry", $"'{geometry}' is not a choice; write full or none"),
    };

    private static FileContentHttpResult Answer(byte[] body, string version, bool withShapes, bool kostat, HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        var tag = new EntityTagHeaderValue($"\"{version}{(withShapes ? "" : "-n")}{(kostat ? "-k" : "")}\"");
        return TypedResults.Bytes(body, FeatureWriter.MediaType, entityTag: tag);
    }
}
