namespace Madang.Sensing;

/// <summary>A street light: a Thing with <c>properties.kind</c> <c>street-light</c>, what its lamp last told, and what it can be told.</summary>
/// <param name="Thing">The Thing's id.</param>
/// <param name="Name">The Thing's name.</param>
/// <param name="Street">The street it stands in (<c>properties.street</c>); empty when it does not say.</param>
/// <param name="Serial">The number on its pole (<c>properties.serial</c>); null when it does not say.</param>
public sealed record StreetLight(long Thing, string Name, string Street, string? Serial)
{
    /// <summary>The street in English; null when it does not say.</summary>
    public string? StreetEn { get; init; }

    /// <summary>True when it is made up.</summary>
    public bool Simulated { get; init; }

    /// <summary>How bright, in per cent; null when it never told.</summary>
    public double? Level { get; init; }

    /// <summary>What it draws, in watts.</summary>
    public double? Power { get; init; }

    /// <summary>What it drew in all, in kilowatt hours.</summary>
    public double? Energy { get; init; }

    /// <summary><c>on</c>, <c>off</c>, <c>fault</c>, or another word of its maker's; null when it never told.</summary>
    public string? State { get; init; }

    /// <summary>When it was heard last.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>How often it speaks, when it says so.</summary>
    public TimeSpan? Cadence { get; init; }

    /// <summary>True when it can be told a level and this caller may do that.</summary>
    public bool MayCommand { get; init; }

    /// <summary>The level it was told last and when; null when it never was.</summary>
    public (double Level, DateTimeOffset At)? Told { get; init; }
}
