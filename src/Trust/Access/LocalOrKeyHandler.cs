using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Access;

/// <summary><see cref="Callers"/> as a scheme of ASP.NET's authentication.</summary>
internal sealed class LocalOrKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public new const string Scheme = "local-or-key";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(callers.Find(Request));
}
