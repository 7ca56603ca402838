using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/location/properties")]
public sealed class LocationProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "Locations", ("name", JsonValueKind.String), ("description", JsonValueKind.String), ("encodingType", JsonValueKind.String), ("location", JsonValueKind.Object), ("properties", JsonValueKind.Object));
}
