using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/thing/properties")]
public sealed class ThingProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "Things", ("name", JsonValueKind.String), ("description", JsonValueKind.String), ("properties", JsonValueKind.Object));
}
