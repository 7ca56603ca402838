namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/observed-property/relations")]
public sealed class ObservedPropertyRelations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_relation_of_the_standard() =>
        ReadCity.HasRelations(shared, "ObservedProperties", ("Datastreams", true));
}
