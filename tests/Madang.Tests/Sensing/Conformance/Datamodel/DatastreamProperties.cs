using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/datastream/properties")]
public sealed class DatastreamProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "Datastreams", ("name", JsonValueKind.String), ("description", JsonValueKind.String), ("observationType", JsonValueKind.String), ("unitOfMeasurement", JsonValueKind.Object), ("observedArea", JsonValueKind.Object), ("phenomenonTime", JsonValueKind.String), ("resultTime", JsonValueKind.String), ("properties", JsonValueKind.Object));
}
