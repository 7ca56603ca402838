using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.Sessions;

/// <summary>The session of the cookie as a scheme of ASP.NET's authentication.</summary>
internal sealed class SessionHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, SessionStore sessions, IOptions<SignInPage> page)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.Read(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        return await sessions.Find(token, isUsed: !NoUse.Is(Context), Context.RequestAborted) is { } caller
            ? AuthenticateResult.Success(new AuthenticationTicket(caller, SignedIn.Scheme))
            : AuthenticateResult.NoResult();
    }

    /// <summary>A person is shown the door; a program gets its 401, and a page that asked by itself nothing beside.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (NoUse.IsRoute(Context))
        {
            (Response.StatusCode, Response.ContentLength, Response.Headers.CacheControl) = (StatusCodes.Status401Unauthorized, 0, "no-store");
            return Task.CompletedTask;
        }

        if (page.Value.Address(Request) is { } address)
        {
            Response.Redirect(address);
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"madang\"";
        return base.HandleChallengeAsync(properties);
    }
}
