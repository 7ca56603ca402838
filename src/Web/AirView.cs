using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the page of the air is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Index">The index now.</param>
/// <param name="Sheet">Today's decision sheet; null when no station says anything.</param>
/// <param name="Issued">The sheet whose measures hold, or will; null when none do.</param>
/// <param name="Forecasts">Tomorrow and the day after.</param>
/// <param name="Exposure">Where something is in force.</param>
/// <param name="Rules">The rules of the air that are in force.</param>
/// <param name="Today">Today, by the data's own clock.</param>
/// <param name="Filled">The form as it was sent.</param>
/// <param name="Done">What was done now, in words.</param>
public sealed record AirView(
    Visit Visit, AirNow Index, ReductionSheet? Sheet, ReductionSheet? Issued, AirForecasts Forecasts, AirExposure Exposure, IReadOnlyList<RuleRevision> Rules, DateOnly Today, Filled Filled, string? Done)
{
    /// <summary>Real or simulated, as addresses say it.</summary>
    public string World => Index.Data.ToWord();

    /// <summary>True for who may decide.</summary>
    public bool MayWrite => Visit.Me is not null && Visit.Caller.MaySomewhere(Trust.Act.Write, Trust.Kinds.Alert);
}
