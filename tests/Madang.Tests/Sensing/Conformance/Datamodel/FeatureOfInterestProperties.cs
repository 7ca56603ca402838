using System.Text.Json;

namespace Madang.Tests.Sensing.Conformance.Datamodel;

[Requirement(Requirements.Sensing + "datamodel/feature-of-interest/properties")]
public sealed class FeatureOfInterestProperties(SharedSta shared) : IClassFixture<SharedSta>
{
    [Fact]
    public Task It_has_every_property_of_the_standard() =>
        ReadCity.HasProperties(shared, "FeaturesOfInterest", ("name", JsonValueKind.String), ("description", JsonValueKind.String), ("encodingType", JsonValueKind.String), ("feature", JsonValueKind.Object), ("properties", JsonValueKind.Object));
}
