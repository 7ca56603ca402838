namespace Madang.Trust;

/// <summary>
/// The rules by which a month's review calls something unusual. They are the house's own, meant to be checked by a person, and
/// deliberately plain: the same entries always give the same findings.
/// </summary>
public static class RecordRules
{
    /// <summary>A day on which somebody read personal data at least <see cref="FewestReads"/> times, and more than the mean of his days in the three months before plus <see cref="Deviations"/> standard deviations.</summary>
    public const string ReadsAboveOwn = "reads-above-own";

    /// <summary>Personal data, exports or permissions at night or on a weekend, by somebody who did none of these at such a time in the three months before.</summary>
    public const string UnusualHours = "unusual-hours";

    /// <summary>Every export. The reason of each must be checked (개인정보의 안전성 확보조치 기준, article 8 (2)).</summary>
    public const string Exports = "exports";

    /// <summary>A day on which somebody read the data of at least <see cref="ManyPersonsADay"/> different persons.</summary>
    public const string ManyPersons = "many-persons";

    /// <summary>A day with at least <see cref="ManyRefusalsADay"/> refusals of somebody known, or <see cref="ManyRefusalsOfAddress"/> of one address.</summary>
    public const string ManyRefusals = "many-refusals";

    /// <summary>A login from an address that the account had not used that month before, and a permission changed by the same person within <see cref="SoonAfter"/>. An address has another digest each month, so that only the month itself can be compared.</summary>
    public const string NewAddressThenPermission = "new-address-then-permission";

    /// <summary>Every change of a permission.</summary>
    public const string PermissionChanges = "permission-changes";

    /// <summary>A key that was used after at least <see cref="Silence"/> without use.</summary>
    public const string KeyAfterSilence = "key-after-silence";

    /// <summary>Fewer reads a day than these are never unusual.</summary>
    public const int FewestReads = 20;

    /// <summary>How many standard deviations above the own mean are unusual.</summary>
    public const int Deviations = 3;

    /// <summary>So many different persons a day are unusual.</summary>
    public const int ManyPersonsADay = 30;

    /// <summary>So many refusals of one known caller a day are unusual.</summary>
    public const int ManyRefusalsADay = 20;

    /// <summary>So many refusals of one address a day are unusual; behind an address may be an office.</summary>
    public const int ManyRefusalsOfAddress = 100;

    /// <summary>Night begins at this hour.</summary>
    public const int NightFrom = 22;

    /// <summary>Night ends at this hour.</summary>
    public const int NightUntil = 6;

    /// <summary>How long after a login a change of a permission is thought to belong to it.</summary>
    public static readonly TimeSpan SoonAfter = TimeSpan.FromHours(24);

    /// <summary>How long a key is silent until its use is worth a look; shorter than the entries of ingest are kept.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromDays(60);
}
