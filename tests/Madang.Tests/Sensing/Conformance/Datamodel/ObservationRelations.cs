namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/observation/relations")]
public sealed class ObservationRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "Observations", ("Datastream", false), ("FeatureOfInterest", false));
}
