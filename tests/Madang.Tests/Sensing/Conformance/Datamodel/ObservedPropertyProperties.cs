using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/observed-property/properties")]
public sealed class ObservedPropertyProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "ObservedProperties", ("name", JsonValueKind.String), ("definition", JsonValueKind.String), ("description", JsonValueKind.String), ("properties", JsonValueKind.Object));
}
