namespace Madang.Trust;

/// <summary>A department of the city, as it is at one moment.</summary>
/// <param name="Id">Its number, which stays through every re-organisation.</param>
/// <param name="Code">Its code: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="NameKo">Its Korean name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Parent">The department it stands under; null at the top.</param>
/// <param name="From">Since when it is called so and stands there.</param>
/// <param name="ClosedAt">When it was closed; null while it works.</param>
/// <param name="Successor">Who took over what it owned.</param>
public sealed record Department(long Id, string Code, string NameKo, string NameEn, long? Parent, DateTimeOffset From, DateTimeOffset? ClosedAt, long? Successor);

/// <summary>What a department was from a moment to another.</summary>
/// <param name="From">Since when.</param>
/// <param name="To">Until when; null while it is so.</param>
/// <param name="NameKo">Its Korean name.</param>
/// <param name="NameEn">Its English name.</param>
/// <param name="Parent">The department it stood under; null at the top.</param>
public sealed record DepartmentVersion(DateTimeOffset From, DateTimeOffset? To, string NameKo, string NameEn, long? Parent);

/// <summary>Who brings Things into the city: a department's contractor, a university, a network of sensors; or a project of one.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Code">Its code: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Department">The department that answers for it.</param>
/// <param name="Parent">The provider whose project this is; null for a provider.</param>
/// <param name="IsPublic">False when its Things are seen only by those who may.</param>
/// <param name="ClosedAt">When it ended; its keys ended with it.</param>
public sealed record Provider(long Id, string Code, string Name, string Description, long Department, long? Parent, bool IsPublic, DateTimeOffset? ClosedAt);

/// <summary>A role that a person has in a department and those below it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Person">The person's id.</param>
/// <param name="Role">The role's code.</param>
/// <param name="Department">The department; null for the whole city.</param>
/// <param name="Purpose">What for, in words.</param>
/// <param name="From">Since when.</param>
/// <param name="To">Until when; null while it holds.</param>
/// <param name="GivenBy">The caller who gave it.</param>
public sealed record Grant(long Id, string Person, string Role, long? Department, string Purpose, DateTimeOffset From, DateTimeOffset? To, string GivenBy);

/// <summary>A key of a device or an application; its secret is known to its holder alone.</summary>
/// <param name="Id">The part of it that may be seen.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Provider">Whose Things it reaches; null for all of the city's.</param>
/// <param name="Scopes">What it may do: <c>read</c>, <c>write</c>, <c>command</c>.</param>
/// <param name="PerSecond">Requests a second in the long run; ten times as many at once. 0 for no limit.</param>
/// <param name="PerDay">Requests a day of UTC; 0 for no limit.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="MadeBy">The caller who made it.</param>
/// <param name="ExpiresAt">When it ends; null for a key without end.</param>
/// <param name="RevokedAt">When it was taken back.</param>
/// <param name="Replaces">The key it took the place of.</param>
/// <param name="LastUsedAt">When it was last used, as written down once a minute; null when never.</param>
public sealed record DeviceKey(
    string Id, string Name, long? Provider, IReadOnlyList<string> Scopes, int PerSecond, int PerDay, DateTimeOffset MadeAt, string MadeBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, string? Replaces, DateTimeOffset? LastUsedAt)
{
    /// <summary>SHA-256 of the secret.</summary>
    internal byte[] Digest { get; init; } = [];

    /// <summary>The last day of its use, counted from the year 1 in UTC.</summary>
    internal long UsedOnDay { get; init; }

    /// <summary>How many requests it made on that day.</summary>
    internal long UsedThatDay { get; init; }
}
