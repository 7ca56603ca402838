using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the wall of a control room is drawn from.</summary>
/// <param name="City">The reader, what is so, and the districts.</param>
/// <param name="InForce">The alerts of public rules that are in force, the gravest first.</param>
/// <param name="Air">The index of the air.</param>
/// <param name="Incidents">What is worked on, that opened last first; null for who may not read incidents.</param>
/// <param name="Late">Open tasks whose time is over, the longest late first; null for who may not read incidents.</param>
public sealed record WallView(CityView City, IReadOnlyList<AlertInForce> InForce, AirNow Air, IReadOnlyList<Incident>? Incidents, IReadOnlyList<CityTask>? Late)
{
    /// <summary>The reader's language.</summary>
    public Language Language => City.Language;

    /// <summary>The alerts that hold in a district, and not only at places in it or in the whole city.</summary>
    public IEnumerable<AlertInForce> In(string district) => InForce.Where(alert => alert.Districts?.Contains(district) == true);
}
