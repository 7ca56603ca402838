namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/thing/relations")]
public sealed class ThingRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "Things", ("Locations", true), ("HistoricalLocations", true), ("Datastreams", true));
}
