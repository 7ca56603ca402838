using Madang.Trust;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Web.Pages.Account;

/// <summary>The pages for signing in and for one's own account.</summary>
internal static class AccountRoutes
{
    /// <summary>Where the pages lie that ask who one is.</summary>
    private static readonly string[] Signed = ["/account", "/record", "/house"];

    public static void AddAccountPages(this IServiceCollection services)
    {
        services.Configure<AntiforgeryOptions>(forms =>
        {
            (forms.FormFieldName, forms.HeaderName) = (FormToken.Field, null);
            (forms.Cookie.Name, forms.Cookie.SameSite, forms.Cookie.SecurePolicy) = ("madang-form", SameSiteMode.Strict, CookieSecurePolicy.SameAsRequest);
            // The server's own header says DENY.
            forms.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<SignInPage>(page => page.Address = Door);
        services.Configure<ExternalPages>(pages =>
        {
            pages.Failed = (english, problem) => Root(english) + "/signin?problem=" + problem;
            pages.Second = (english, to) => Root(english) + "/signin/second?return=" + Uri.EscapeDataString(to);
            pages.Linked = (english, problem) => Root(english) + (problem is null ? "/account/security?done=linked" : "/account/security?problem=" + problem);
        });
    }

    public static void MapAccountPages(this IEndpointRouteBuilder routes, string root)
    {
        var open = routes.MapGroup(root).WithTags("Web").RequireAuthorization(Policies.PublicRead).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        open.MapGet("/signin", ShowSignIn.Show);
        open.MapPost("/signin", ShowSignIn.ByPassword);
        open.MapPost("/signin/passkey/options", ShowSignIn.AskPasskey);
        open.MapPost("/signin/passkey", ShowSignIn.ByPasskey);
        open.MapGet("/signin/second", ShowSignIn.ShowSecond);
        open.MapPost("/signin/second", ShowSignIn.BySecond);
        open.MapPost("/signin/with/{provider}", ShowSignIn.Elsewhere);
        open.MapPost("/signout", ShowSignIn.SignOut);
        open.MapGet("/join", ShowJoin.Show);
        open.MapPost("/join", ShowJoin.Join);
        open.MapGet("/join/confirm", ShowJoin.ShowConfirm);
        open.MapPost("/join/confirm", ShowJoin.Confirm);
        open.MapGet("/join/invited", ShowInvited.Show);
        open.MapPost("/join/invited", ShowInvited.Accept);
        open.MapGet("/reset", ShowReset.Show);
        open.MapPost("/reset", ShowReset.Ask);
        open.MapGet("/reset/new", ShowReset.ShowNew);
        open.MapPost("/reset/new", ShowReset.Set);
        open.MapGet("/begin", ShowBegin.Show);
        open.MapPost("/begin", ShowBegin.Begin);

        var own = routes.MapGroup(root + "/account").WithTags("Web").RequireAuthorization(Policies.SignedIn).ExcludeFromDescription().DisableAntiforgery().ChecksItsForms().AddEndpointFilter(FormDoor.Check);
        own.MapGet("", ShowAccount.Show);
        own.MapGet("/alive", ShowAlive.Answer).IsNoUse();
        own.MapPost("/name", ShowAccount.Rename);
        own.MapPost("/email", ShowAccount.ChangeAddress);
        own.MapGet("/address", ShowAccount.ShowAddress);
        own.MapPost("/address", ShowAccount.ConfirmAddress);
        own.MapGet("/again", ShowAgain.Show);
        own.MapPost("/again", ShowAgain.ByPassword);
        own.MapPost("/again/passkey", ShowAgain.ByPasskey);
        own.MapGet("/sessions", ShowSessions.Show);
        own.MapPost("/sessions/end", ShowSessions.End);
        own.MapPost("/sessions/others", ShowSessions.EndOthers);
        own.MapGet("/data", ShowData.Show);
        own.MapPost("/data/download", ShowData.Download);
        own.MapPost("/data/erase", ShowData.Erase);
        own.MapGet("/security", ShowSecurity.Show);
        own.MapPost("/security/password", ShowSecurity.ChangePassword);
        own.MapPost("/security/totp", ShowSecurity.StartTotp);
        own.MapPost("/security/totp/confirm", ShowSecurity.ConfirmTotp);
        own.MapPost("/security/totp/stop", ShowSecurity.StopTotp);
        own.MapPost("/security/codes", ShowSecurity.MakeCodes);
        own.MapPost("/security/passkey/options", ShowSecurity.OfferPasskey);
        own.MapPost("/security/passkey", ShowSecurity.AddPasskey);
        own.MapPost("/security/passkey/remove", ShowSecurity.RemovePasskey);
        own.MapPost("/security/link", ShowSecurity.Link);
        own.MapPost("/security/unlink", ShowSecurity.Unlink);
    }

    /// <summary>Pages lead to the door in the reader's language, and back to the page; after a form, to the account itself.</summary>
    private static string? Door(HttpRequest request)
    {
        var english = request.Path.StartsWithSegments("/en", StringComparison.Ordinal, out var rest);
        var path = english ? rest : request.Path;
        if (!Signed.Any(part => path.StartsWithSegments(part, StringComparison.Ordinal)))
        {
            return null;
        }

        var back = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : Root(english) + (path.StartsWithSegments("/house", StringComparison.Ordinal) ? "/house" : "/account");
        return Root(english) + "/signin?return=" + Uri.EscapeDataString(back);
    }

    private static string Root(bool english) => (english ? Language.English : Language.Korean).Root;
}
