namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/datastream/relations")]
public sealed class DatastreamRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "Datastreams", ("Thing", false), ("Sensor", false), ("ObservedProperty", false), ("Observations", true));
}
