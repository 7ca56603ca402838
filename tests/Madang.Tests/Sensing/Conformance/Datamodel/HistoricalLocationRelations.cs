namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/historical-location/relations")]
public sealed class HistoricalLocationRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "HistoricalLocations", ("Thing", false), ("Locations", true));
}
