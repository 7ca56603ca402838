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

        failures.AddRange(options.External.CountBy(provider => provider.Name).Where(count => count.Value > 1).Select(count => $"External: the name '{count.Key}' stands {count.Value} times"));
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
