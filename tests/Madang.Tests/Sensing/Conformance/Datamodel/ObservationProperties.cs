using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/observation/properties")]
public sealed class ObservationProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "Observations", ("phenomenonTime", JsonValueKind.String), ("result", JsonValueKind.Number), ("resultTime", JsonValueKind.String), ("resultQuality", JsonValueKind.Object), ("validTime", JsonValueKind.String), ("parameters", JsonValueKind.Object));
}
