namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/location/relations")]
public sealed class LocationRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "Locations", ("Things", true), ("HistoricalLocations", true));
}
