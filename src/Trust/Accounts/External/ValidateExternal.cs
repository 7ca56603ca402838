using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.External;

/// <summary>Data annotations look at a list but not into it; a provider that cannot work must stop the start.</summary>
internal sealed class ValidateExternal : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.External.Count; i++)
        {
            var found = new List<ValidationResult>();
            Validator.TryValidateObject(options.External[i], new ValidationContext(options.External[i]), found, validateAllProperties: true);
            failures.AddRange(found.Select(one => $"External:{i}:{string.Join(',', one.MemberNames)}: {one.ErrorMessage}"));
        }

        failures.AddRange(options.External.SelectMany((provider, number) => Endpoints(provider).Where(endpoint => !IsSafe(endpoint.Address)).Select(endpoint => $"External:{number}:{endpoint.Name}: must be https; http is taken on this machine only")));
        failures.AddRange(options.External.CountBy(provider => provider.Name).Where(count => count.Value > 1).Select(count => $"External: the name '{count.Key}' stands {count.Value} times"));
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private static IEnumerable<(string Name, string Address)> Endpoints(ExternalProvider provider) =>
        [(nameof(provider.AuthorizationEndpoint), provider.AuthorizationEndpoint), (nameof(provider.TokenEndpoint), provider.TokenEndpoint), (nameof(provider.UserInfoEndpoint), provider.UserInfoEndpoint)];

    /// <summary>Codes, secrets and who somebody is travel there. What is no address at all is refused by its annotation.</summary>
    private static bool IsSafe(string address) => !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);
}
