using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Madang.Web.Pages.Privacy;

/// <summary><c>/privacy</c>: the privacy policy (Personal Information Protection Act, art. 30), made from what the modules declare.</summary>
internal static class ShowPrivacy
{
    internal static IResult Show(Visit visit, PersonalInventory inventory, IOptions<PrivacyOptions> options) =>
        new RazorComponentResult<PrivacyPage>(new { Visit = visit, Purposes = Purposes(inventory), Who = options.Value });

    /// <summary>The purposes with their items, those together that are kept equally long.</summary>
    private static IReadOnlyList<PrivacyPurpose> Purposes(PersonalInventory inventory) =>
        [.. inventory.Columns.GroupBy(column => column.Purpose).Select(purpose => new PrivacyPurpose(
            purpose.Key,
            [.. purpose.GroupBy(column => column.Retention.Text).Select(kept => new PrivacyItems([.. kept.Select(column => column.Item).Distinct()], kept.Key))]))];
}
