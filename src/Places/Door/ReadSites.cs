using System.Globalization;
using System.Security.Cryptography;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Madang.Places.Door;

/// <summary>Answers sites: a kind page by page, what lies near a point, and how many there are by district.</summary>
internal static class ReadSites
{
    private const int MostOnPage = 2_000, MostNear = 200;

    /// <summary>A kind of site and how many there are; the counts are null when the city was told of none at all.</summary>
    public sealed record KindCount(string Kind, string Name, string NameEn, bool IsSensitive, int? Count, IReadOnlyDictionary<string, int>? Districts);

    /// <summary>How many sites there are, by kind and district.</summary>
    public sealed record CountAnswer(string World, IReadOnlyList<KindCount> Kinds);

    internal static async Task<Ok<CountAnswer>> HandleCounts(string? data, SiteBook book, CancellationToken cancel)
    {
        var simulated = IsSimulated(data);
        var kinds = new List<KindCount>();
        foreach (var kind in SiteKind.All)
        {
            var counts = await book.CountByDistrict(kind.Code, simulated, cancel);
            kinds.Add(new(kind.Code, kind.NameKo, kind.NameEn, kind.IsSensitive, counts is null ? null : (await book.List(kind.Code, simulated, cancel)).Count, counts));
        }

        return TypedResults.Ok(new CountAnswer(simulated ? "simulated" : "real", kinds));
    }

    internal static async Task<FileContentHttpResult> HandleKind(string kind, string? data, string? district, string? top, string? after, SiteBook book, HttpRequest request, HttpResponse response, CancellationToken cancel)
    {
        var (known, simulated, most) = (SiteKind.Get(kind, "kind").Code, IsSimulated(data), (int)Number(top, "top", 500, 1, MostOnPage));
        var found = (district is null or "" ? await book.List(known, simulated, cancel) : await book.ListInDistrict(known, district, simulated, cancel))
            .SkipWhile(site => after is not (null or "") && string.CompareOrdinal(site.Code, after) <= 0)
            .Take(most + 1).ToList();
        var next = found.Count <= most ? null : request.Path + QueryString.Create(
            request.Query.Where(part => part.Key != "after").SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, value)).Append(new("after", found[most - 1].Code)));
        return Answer(SiteWriter.WriteAll(found.Take(most).Select(site => (site, (double?)null)), simulated, next), response);
    }

    internal static async Task<FileContentHttpResult> HandleNear(string? lon, string? lat, string? metres, string? kinds, string? data, string? top, SiteBook book, HttpResponse response, CancellationToken cancel)
    {
        var (longitude, latitude) = (Number(lon, "lon", null, -180, 180), Number(lat, "lat", null, -90, 90));
        var asked = kinds is null or "" ? SiteKind.All : [.. kinds.Split(',', SiteKind.All.Count + 1).Distinct().Select(kind => SiteKind.Get(kind, "kinds"))];
        var (far, most, simulated) = (Number(metres, "metres", 500, 1, SiteBook.Farthest), (int)Number(top, "top", MostNear, 1, MostNear), IsSimulated(data));
        var found = await book.Near(longitude, latitude, far, asked.Select(kind => kind.Code), simulated, most, cancel);
        return Answer(SiteWriter.WriteAll(found.Select(near => (near.Site, (double?)near.Metres)), simulated, null), response);
    }

    /// <summary>Which world the caller speaks of: <c>real</c> (default) or <c>simulated</c>.</summary>
    internal static bool IsSimulated(string? data) => data switch
    {
        null or "" or "real" => false,
        "simulated" => true,
        _ => throw new InvalidInputException("data", "is real or simulated"),
    };

    private static double Number(string? text, string field, double? otherwise, double least, double most) =>
        text is null or "" ? otherwise ?? throw new InvalidInputException(field, "is missing")
        : double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidInputException(field, string.Create(CultureInfo.InvariantCulture, $"is a number from {least} to {most}"));

    private static FileContentHttpResult Answer(byte[] body, HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(body, FeatureWriter.MediaType, entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\""));
    }
}
