using Microsoft.AspNetCore.Http;
using System.Globalization;
using Madang.Operations;
using Madang.Places;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Catalogue;

/// <summary><c>/sensors</c>: the sensors of one world, searched by what stands in the address. A page is lenient: a condition that makes no sense is none.</summary>
internal static class ShowCatalogue
{
    /// <summary>What stands in the address.</summary>
    public sealed record Request
    {
        public string? Data { get; init; }

        public string? Q { get; init; }

        public string? Measure { get; init; }

        public string? District { get; init; }

        public string? State { get; init; }

        public string? Finding { get; init; }

        public string? Sort { get; init; }

        public string? Page { get; init; }
    }

    internal static async Task<IResult> Handle(Visit visit, [AsParameters] Request request, CityNow city, PlaceBook places, CancellationToken cancel)
    {
        var catalogue = await city.OpenCatalogue(Worlds.Parse(request.Data), cancel);
        var districts = await places.ListDistricts(cancel);
        var hits = catalogue.Find(Read(request, districts));
        var page = int.TryParse(request.Page, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 1;
        var view = new CatalogueView(visit, catalogue, hits, 1, districts, catalogue.Now.OtherSensors)
        {
            OtherHits = hits.Sensors.Count == 0 && catalogue.Now.OtherSensors > 0 ? (await city.OpenCatalogue(catalogue.Now.Data.Other(), cancel)).Find(hits.Query).Sensors.Count : 0,
        };
        return new RazorComponentResult<CataloguePage>(new { View = view with { Page = Math.Clamp(page, 1, view.Pages) } });
    }

    private static SensorQuery Read(Request request, IReadOnlyList<Place> districts)
    {
        var measure = Some(request.Measure);
        var (order, descending) = SensorQuery.ParseOrder(request.Sort) ?? (SensorOrder.Name, false);
        return new SensorQuery
        {
            Text = Some(request.Q) is { } text ? text[..Math.Min(text.Length, SensorQuery.LongestText)] : null,
            Measure = measure,
            District = districts.Any(place => place.Code == request.District) || request.District == SensorQuery.Outside ? request.District : null,
            Health = SensorQuery.ParseHealth(request.State),
            Findings = SensorQuery.ParseFindings(request.Finding),
            Order = order == SensorOrder.Value && measure is null ? SensorOrder.Name : order,
            Descending = descending,
        };
    }

    private static string? Some(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
