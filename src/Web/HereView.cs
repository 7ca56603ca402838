using Madang.Operations;
using Madang.Places;

namespace Madang.Web;

/// <summary>What is in force where somebody is, and what to do.</summary>
/// <param name="Visit">The reader and the page. The page is shared by all who are not signed in.</param>
/// <param name="City">What is so in the city now, of the world that is shown.</param>
/// <param name="At">The minute for which it is said, by the clock of the world that is shown.</param>
/// <param name="Here">The district; null while none is chosen.</param>
/// <param name="Places">All districts.</param>
/// <param name="InForce">All that is in force in the world that is shown, the gravest first.</param>
public sealed record HereView(Visit Visit, CitySnapshot City, DateTimeOffset At, Place? Here, IReadOnlyList<Place> Places, IReadOnlyList<AlertInForce> InForce)
{
    /// <summary>What holds where the reader is; before he chose, what holds in the whole city.</summary>
    public IReadOnlyList<AlertInForce> Mine => [.. InForce.Where(alert => Here is null ? alert.Districts is null : alert.HoldsIn(Here.Code))];

    /// <summary>What holds at single places somewhere in the city.</summary>
    public IReadOnlyList<AlertInForce> Scattered => [.. InForce.Where(alert => alert.Districts is { Count: 0 })];

    /// <summary>What the city tells where the reader is; before he chose, what it tells everybody.</summary>
    public IReadOnlyList<CityNotice> Notices { get; init; } = [];

    /// <summary>What holds in a district.</summary>
    public IEnumerable<AlertInForce> In(Place place) => InForce.Where(alert => alert.HoldsIn(place.Code));

    /// <summary>True while a sensor of the district, or of any when none is chosen, is heard: without one nobody can say that nothing is so.</summary>
    public bool IsHeard => Here is { } here ? City.Districts.Any(district => district.Code == here.Code && district.Sensors.Reporting > 0) : City.AsOf is not null;
}
