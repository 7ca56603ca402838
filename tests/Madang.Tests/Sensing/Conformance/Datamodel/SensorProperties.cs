using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/sensor/properties")]
public sealed class SensorProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "Sensors", ("name", JsonValueKind.String), ("description", JsonValueKind.String), ("encodingType", JsonValueKind.String), ("metadata", JsonValueKind.String), ("properties", JsonValueKind.Object));
}
