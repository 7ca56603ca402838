using System.ComponentModel.DataAnnotations;

namespace Madang.Sensing;

/// <summary>Limits and habits of the sensing module; configuration section <c>Sensing</c>.</summary>
public sealed class SensingOptions
{
    /// <summary>The IANA time zone in which the city's days begin and end. Default <c>Asia/Seoul</c>. Its offset must be a whole number of ten minutes.</summary>
    [Required]
    public string TimeZone { get; set; } = "Asia/Seoul";

    /// <summary><see cref="TimeZone"/> as this machine knows it. A method, because the check of the options reads every property.</summary>
    public TimeZoneInfo FindZone() => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The address under which others reach this server (<c>https://city.example</c>), for links. Default: what the request was sent to.</summary>
    [Url]
    public string? PublicUrl { get; set; }

    /// <summary>How deep JSON may nest. Default 32.</summary>
    [Range(4, 256)]
    public int MaxJsonDepth { get; set; } = 32;

    /// <summary>The most Observations in one request. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxItems { get; set; } = 100_000;

    /// <summary>The most requests in one batch. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>The most Observations that wait to be stored, over all requests; more are refused with 503. Default 200,000.</summary>
    [Range(1, 100_000_000)]
    public int QueueLimit { get; set; } = 200_000;

    /// <summary>The most entities a page carries, whatever <c>$top</c> asks. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxTop { get; set; } = 10_000;

    /// <summary>How many entities a page carries when <c>$top</c> is absent. Default 100.</summary>
    [Range(1, 10_000)]
    public int DefaultTop { get; set; } = 100;

    /// <summary>How deep <c>$expand</c> may nest. Default 5.</summary>
    [Range(1, 10)]
    public int MaxExpandDepth { get; set; } = 5;

    /// <summary>The most entities one answer may hold, expanded ones included. Default 50,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxEntities { get; set; } = 50_000;

    /// <summary>How many questions with options (<c>$filter</c>, <c>$orderby</c>, <c>$expand</c>, <c>$apply</c> …) are read at once, half of them for one address; others wait for up to ten seconds. Default 0: four for each processor, at least 8.</summary>
    [Range(0, 10_000)]
    public int QuerySeats { get; set; }

    /// <summary>How many entities <c>$count</c> counts exactly; beyond, it is an estimate that says so. Default 100,000.</summary>
    [Range(1_000, 100_000_000)]
    public int CountLimit { get; set; } = 100_000;

    /// <summary>How long a mark on an hour must rest before its rollups are computed, in seconds. Default 300. Reads are exact at any time.</summary>
    [Range(0, 86_400)]
    public int RollupRestSeconds { get; set; } = 300;

    /// <summary>Allows webhooks to addresses inside the city's own network, and without TLS. Default no.</summary>
    public bool WebhooksInside { get; set; }

    /// <summary>How often the health of the sensors is checked, in seconds. Default 60; 0 for never.</summary>
    [Range(0, 86_400)]
    public int HealthSeconds { get; set; } = 60;

    /// <summary>How long the answer to an <c>Idempotency-Key</c> is remembered, in hours. Default 48.</summary>
    [Range(1, 8_760)]
    public int IdempotencyHours { get; set; } = 48;
}
