using System.Text.Encodings.Web;
using System.Text.Unicode;
using Madang.Trust;
using Madang.Web.Assets;
using Madang.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web;

/// <summary>Registers and maps the pages.</summary>
public static class WebModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Korean as itself, and not as &#x numbers three times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddSingleton<AssetShelf>();
        return services;
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapWeb(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription();
        pages.MapGet("/", ShowPages.Front(Language.Korean));
        pages.MapGet("/en/", ShowPages.Front(Language.English));
        pages.MapGet("/figures/{place}/{measure}", ShowPages.Figure(Language.Korean));
        pages.MapGet("/en/figures/{place}/{measure}", ShowPages.Figure(Language.English));
        pages.MapGet("/favicon.ico", (AssetShelf shelf) => shelf.HandleIcon());
        pages.MapGet("/assets/{**name}", (string name, AssetShelf shelf, HttpContext context) => shelf.Handle(name, context));
        return routes;
    }
}
