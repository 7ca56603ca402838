using System.Text.Encodings.Web;
using System.Text.Unicode;
using Madang.Sensing;
using Madang.Trust;
using Madang.Web.Assets;
using Madang.Web.Pages.Account;
using Madang.Web.Pages.Air;
using Madang.Web.Pages.Alerts;
using Madang.Web.Pages.Ask;
using Madang.Web.Pages.Automation;
using Madang.Web.Pages.Catalogue;
using Madang.Web.Pages.Datastreams;
using Madang.Web.Pages.District;
using Madang.Web.Pages.Duty;
using Madang.Web.Pages.About;
using Madang.Web.Pages.Figures;
using Madang.Web.Pages.Here;
using Madang.Web.Pages.House;
using Madang.Web.Pages.Frame;
using Madang.Web.Pages.Incidents;
using Madang.Web.Pages.Lights;
using Madang.Web.Pages.Now;
using Madang.Web.Pages.Privacy;
using Madang.Web.Pages.Record;
using Madang.Web.Pages.Sensors;
using Madang.Web.Pages.Wall;
using Madang.Web.Paper;
using Madang.Web.Pages.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Web;

/// <summary>Registers and maps the pages.</summary>
public static class WebModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindConfiguration("Web").ValidateDataAnnotations().ValidateOnStart();
        services.AddRazorComponents();
        // Korean as itself, and not as &#x numbers three times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<AssetShelf>().AddSingleton<PageShelf>().AddSingleton<IncidentPaper>();
        services.AddAccountPages();
        services.AddOptions<ReviewClock>().Configure<IOptions<SensingOptions>>((clock, sensing) => clock.Zone = sensing.Value.FindZone());
        return services;
    }

    /// <summary>Maps the module's routes: each page in Korean, and in English below <c>/en</c>.</summary>
    public static IEndpointRouteBuilder MapWeb(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription();
        pages.AddEndpointFilter(async (context, next) =>
        {
            // A page is always asked for anew; its figures would be old, and its look is the reader's own.
            context.HttpContext.Response.Headers.CacheControl = SignedIn.Of(context.HttpContext.User) is null ? "no-cache" : "no-store";
            context.HttpContext.Response.Headers.Vary = "Cookie";
            return await next(context);
        });
        foreach (var root in (string[])["", "/en"])
        {
            pages.MapGet(root + "/", ShowNow.Handle);
            pages.MapGet(root + "/figures/{place}/{measure}", ShowFigure.Handle);
            pages.MapGet(root + "/here", ShowHere.City);
            pages.MapGet(root + "/here/{code}", ShowHere.District);
            pages.MapGet(root + "/wall", ShowWall.Handle);
            pages.MapGet(root + "/sensors", ShowCatalogue.Handle);
            pages.MapGet(root + "/districts/{code}", ShowDistrict.Handle);
            pages.MapGet(root + "/sensors/{id}", ShowSensor.Handle);
            pages.MapGet(root + "/datastreams/{id}", ShowDatastream.Handle);
            pages.MapGet(root + "/multi-datastreams/{id}", ShowMultiDatastream.Handle);
            pages.MapGet(root + "/about", ShowAbout.About);
            pages.MapGet(root + "/data", ShowAbout.Data);
            pages.MapGet(root + "/developers", ShowAbout.Developers);
            pages.MapGet(root + "/developers/query", ShowQuery.Handle);
            pages.MapGet(root + "/accessibility", ShowAbout.Accessibility);
            pages.MapGet(root + "/privacy", ShowPrivacy.Show);
            pages.MapPost(root + "/look", ChangeLook.Handle).DisableAntiforgery();
            routes.MapAccountPages(root);
            routes.MapHousePages(root);
            routes.MapAlertPages(root);
            routes.MapIncidentPages(root);
            routes.MapAirPages(root);
            routes.MapDutyPages(root);
            routes.MapTaskPages(root);
            routes.MapAutomationPages(root);
            routes.MapLightPages(root);
            routes.MapRecordPages(root);
            routes.MapReviewPage(root);
        }

        var files = routes.MapGroup("").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription();
        files.MapGet("/favicon.ico", (AssetShelf shelf) => shelf.HandleIcon());
        files.MapGet("/assets/{**name}", (string name, AssetShelf shelf, HttpContext context) => shelf.Handle(name, context));
        return routes;
    }
}
