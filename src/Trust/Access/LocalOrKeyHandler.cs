using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Access;

/// <summary><see cref="Callers"/> as a scheme of ASP.NET's authentication.</summary>
internal sealed class LocalOrKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, Callers callers, IOptions<SignInPage> page)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public new const string Scheme = "local-or-key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(callers.Find(Request));

    /// <summary>A person is shown the door; for a program a 401 says how to come in (RFC 9110, 15.5.2).</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (Request.Headers.Authorization.Count == 0 && page.Value.Address(Request) is { } address)
        {
            Response.Redirect(address);
            return Task.CompletedTask;
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"madang\"";
        return base.HandleChallengeAsync(properties);
    }
}
