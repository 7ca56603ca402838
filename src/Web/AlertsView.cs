using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the page of alerts is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="City">What is so in the city now, of the world that is shown.</param>
/// <param name="Open">Alerts in force, those raised last first.</param>
/// <param name="Lifted">The last that were lifted.</param>
/// <param name="Elsewhere">How many are in force in the other world.</param>
/// <param name="Others">Warnings of other agencies that are in force; none in the simulated world.</param>
public sealed record AlertsView(Visit Visit, CitySnapshot City, IReadOnlyList<Alert> Open, IReadOnlyList<Alert> Lifted, int Elsewhere, IReadOnlyList<CapReceived> Others)
{
    /// <summary>Feeds of other agencies that cannot be read now; told to who may read alerts.</summary>
    public IReadOnlyList<CapFeedState> Failing { get; init; } = [];
}
