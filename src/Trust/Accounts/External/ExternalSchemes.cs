using System.Net.Http.Headers;
using System.Text.Json;
using Madang.Trust.Access;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.External;

/// <summary>
/// A scheme for each provider of the settings: the framework's OAuth handler, code flow with PKCE and state. The person is asked
/// for at the provider's own user-info endpoint over TLS, so that no token has to be taken apart here.
/// </summary>
internal sealed partial class ExternalSchemes(IOptions<AccountsOptions> accounts, IOptions<ExternalPages> pages, ILogger<ExternalSchemes> log) : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<OAuthOptions>
{
    public const string Prefix = "external-", Link = "link";

    /// <summary>How long a connection to a provider is kept, so that a changed name is noticed.</summary>
    private static readonly TimeSpan BackchannelLife = TimeSpan.FromMinutes(5);

    public void Configure(AuthenticationOptions options)
    {
        foreach (var provider in accounts.Value.External)
        {
            options.AddScheme<OAuthHandler<OAuthOptions>>(Prefix + provider.Name, provider.Title ?? provider.Name);
        }
    }

    public void Configure(OAuthOptions options)
    {
    }

    public void Configure(string? name, OAuthOptions options)
    {
        if (name?.StartsWith(Prefix, StringComparison.Ordinal) != true || accounts.Value.External.FirstOrDefault(one => Prefix + one.Name == name) is not { } provider)
        {
            return;
        }

        (options.AuthorizationEndpoint, options.TokenEndpoint, options.UserInformationEndpoint) = (provider.AuthorizationEndpoint, provider.TokenEndpoint, provider.UserInfoEndpoint);
        (options.ClientId, options.ClientSecret, options.UsePkce) = (provider.ClientId, provider.ClientSecret, true);
        options.CallbackPath = $"/signin/from/{provider.Name}";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        // For the whole site, as a cookie bound to its host must be.
        (options.CorrelationCookie.Name, options.CorrelationCookie.Path) = ("madang-external.", "/");
        options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        // An endpoint of the settings is what it is: a code, a secret or a token is sent to no other address.
        options.BackchannelHttpHandler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = BackchannelLife };
        options.Scope.Clear();
        foreach (var scope in provider.Scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        foreach (var claim in (string[])["sub", "name", "email", "email_verified"])
        {
            options.ClaimActions.MapJsonKey(claim, claim);
        }

        options.Events.OnCreatingTicket = AskWho;
        options.Events.OnTicketReceived = context => Arrive(context, provider.Name);
        options.Events.OnRemoteFailure = context => Fail(context, provider.Name);
    }

    private static async Task AskWho(OAuthCreatingTicketContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        response.EnsureSuccessStatusCode();
        using var person = JsonDocument.Parse(await response.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
        context.RunClaimActions(person.RootElement);
    }

    private async Task Arrive(TicketReceivedContext context, string provider)
    {
        Meet(context.HttpContext);
        var arrival = context.HttpContext.RequestServices.GetRequiredService<ExternalArrival>();
        var cancel = context.HttpContext.RequestAborted;
        var english = context.Properties?.Items.ContainsKey("english") == true;
        var to = context.ReturnUri ?? "/";
        if (context.Properties?.Items.TryGetValue(Link, out var person) == true && person is not null)
        {
            var problem = await arrival.Link(context.HttpContext, provider, context.Principal!, person, cancel);
            context.Response.Redirect(pages.Value.Linked(english, problem));
        }
        else
        {
            var (problem, second) = await arrival.SignIn(context.HttpContext, provider, context.Principal!, cancel);
            context.Response.Redirect(problem is not null ? pages.Value.Failed(english, problem) : second ? pages.Value.Second(english, to) : to);
        }

        context.HandleResponse();
    }

    /// <summary>Refused there, forged, or not to be had: the person is told that it failed, the record that it was tried, and the operator why.</summary>
    private Task Fail(RemoteFailureContext context, string provider)
    {
        Meet(context.HttpContext);
        if (context.HttpContext.RequestServices.GetRequiredService<Tally>().Note(AccountEntry.Failed(SignInMethod.External, null, ExternalArrival.Failed)))
        {
            Failed(log, provider, Reason(context.Failure));
        }

        context.Response.Redirect(pages.Value.Failed(context.Properties?.Items.ContainsKey("english") == true, ExternalArrival.Failed));
        context.HandleResponse();
        return Task.CompletedTask;
    }

    /// <summary>A return is answered before the reception is reached; the record is to know from where it came all the same.</summary>
    private static void Meet(HttpContext context) => context.RequestServices.GetRequiredService<Reception>().Enter(context);

    /// <summary>The kinds of the failures and no words of theirs: those may come from whoever wrote the address of the return.</summary>
    private static string Reason(Exception? failure) => string.Join(" < ", Chain(failure).Select(one => one is AuthenticationFailureException ? one.GetType().Name : $"{one.GetType().Name}: {one.Message.ReplaceLineEndings(" ")}"));

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A login by '{Provider}' failed: {Reason}. Others like it within the minute are counted in the record alone.")]
    private static partial void Failed(ILogger log, string provider, string reason);
}
