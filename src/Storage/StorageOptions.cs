using System.ComponentModel.DataAnnotations;

namespace Madang.Storage;

/// <summary>Where the data lives; configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The folder of the embedded store, made when absent. Default <c>./data</c>. Not used with PostgreSQL.</summary>
    [Required]
    public string Data { get; set; } = "data";

    /// <summary>An Npgsql connection string; when set, PostgreSQL is used in place of the embedded store.</summary>
    public string? Postgres { get; set; }

    /// <summary>When less than this is free on the disk of the embedded store, in MiB, the server says that it is not ready; 0 to not look. Default 64.</summary>
    [Range(0, int.MaxValue)]
    public int ReserveMegabytes { get; set; } = 64;

    /// <summary>The longest a single read may take, in seconds. Default 30.</summary>
    [Range(1, 3600)]
    public int QueryLimitSeconds { get; set; } = 30;

    /// <summary><see cref="QueryLimitSeconds"/> as a time span.</summary>
    public TimeSpan QueryLimit => TimeSpan.FromSeconds(QueryLimitSeconds);
}
