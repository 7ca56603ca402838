using Madang.Trust;

namespace Madang.Web;

/// <summary>A purpose of the privacy policy, and what is kept for it.</summary>
/// <param name="Purpose">The purpose.</param>
/// <param name="Kept">Its items, by how long they are kept.</param>
public sealed record PrivacyPurpose(PersonalPurpose Purpose, IReadOnlyList<PrivacyItems> Kept);

/// <summary>Items that are kept equally long.</summary>
/// <param name="Items">What they are.</param>
/// <param name="Period">How long.</param>
public sealed record PrivacyItems(IReadOnlyList<Wording> Items, Wording Period);
