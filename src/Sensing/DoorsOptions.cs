using System.ComponentModel.DataAnnotations;

namespace Madang.Sensing;

/// <summary>How much of what did not fit the device doors keep; configuration section <c>Doors</c>.</summary>
public sealed class DoorsOptions
{
    /// <summary>The most that each door keeps; older ones make room. Default 5,000.</summary>
    [Range(1, 100_000)]
    public int KeptMost { get; set; } = 5_000;

    /// <summary>The most MiB that each door keeps. Default 16.</summary>
    [Range(1, 1_000)]
    public int KeptMegabytes { get; set; } = 16;

    /// <summary>How long what did not fit is kept, in days: payloads of devices may hold anything. Default 30.</summary>
    [Range(1, 366)]
    public int KeptDays { get; set; } = 30;

    /// <summary>The most bytes of one payload; of a larger one only the reason is kept.</summary>
    internal const int LargestKept = 256 * 1024;

    /// <summary>The most doors that can be written beside the shipped ones. Default 200.</summary>
    [Range(1, 10_000)]
    public int MostDoors { get; set; } = 200;
}
