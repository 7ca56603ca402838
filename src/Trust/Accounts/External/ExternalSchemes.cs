using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.External;

/// <summary>
/// A scheme for each provider of the settings: the framework's OAuth handler, code flow with PKCE and state. The person is asked
/// for at the provider's own user-info endpoint over TLS, so that no token has to be taken apart here.
/// </summary>
internal sealed class ExternalSchemes(IOptions<AccountsOptions> accounts, IOptions<ExternalPages> pages) : IConfigureOptions<AuthenticationOptions>, IConfigureNamedOptions<OAuthOptions>
{
    public const string Prefix = "external-", Link = "link";

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
        options.CorrelationCookie.Name = "madang-external.";
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
        options.Events.OnRemoteFailure = context => Fail(context);
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

    private Task Fail(RemoteFailureContext context)
    {
        context.Response.Redirect(pages.Value.Failed(context.Properties?.Items.ContainsKey("english") == true, ExternalArrival.Failed));
        context.HandleResponse();
        return Task.CompletedTask;
    }
}
