using System.Globalization;
using Madang.Operations;

namespace Madang.Tests.Operations.Air;

/// <summary>Seasons begin and end on their days.</summary>
public sealed class AirSeasonTests
{
    [Theory]
    [InlineData("2026-11-30", null)]
    [InlineData("2026-12-01", "fine-dust")]
    [InlineData("2027-01-01", "fine-dust")]
    [InlineData("2028-02-29", "fine-dust")]
    [InlineData("2027-03-31", "fine-dust")]
    [InlineData("2027-04-01", "ozone")]
    [InlineData("2027-10-31", "ozone")]
    [InlineData("2027-11-01", null)]
    public void A_day_lies_in_one_season_or_in_none(string day, string? season) =>
        Assert.Equal(season, AirDesk.Seasons.SingleOrDefault(each => each.Holds(DateOnly.Parse(day, CultureInfo.InvariantCulture)))?.Id);
}
