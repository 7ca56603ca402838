using Madang.Trust.Accounts.External;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>The other places where people already have an account.</summary>
public sealed class ExternalDoors(IOptions<AccountsOptions> options)
{
    /// <summary>The providers by name, with what people call them.</summary>
    public IReadOnlyList<(string Name, string Title)> List() => [.. options.Value.External.Select(provider => (provider.Name, provider.Title ?? provider.Name))];

    /// <summary>The hosts people are sent to: a form whose answer leads there must be allowed to.</summary>
    public IReadOnlyList<string> Hosts => [.. options.Value.External.Select(provider => new Uri(provider.AuthorizationEndpoint).GetLeftPart(UriPartial.Authority)).Distinct()];

    /// <summary>The scheme and the state to challenge with; null when there is no such provider.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="english">Whether the person reads English.</param>
    /// <param name="to">Where to go on afterwards, on this site.</param>
    /// <param name="link">The person whose account is to be linked; null to sign in.</param>
    public (string Scheme, AuthenticationProperties Properties)? Open(string provider, bool english, string to, SignedIn? link)
    {
        if (options.Value.External.All(one => one.Name != provider))
        {
            return null;
        }

        var properties = new AuthenticationProperties { RedirectUri = to };
        if (english)
        {
            properties.Items["english"] = "";
        }

        if (link is not null)
        {
            properties.Items[ExternalSchemes.Link] = link.Person;
        }

        return (ExternalSchemes.Prefix + provider, properties);
    }
}
