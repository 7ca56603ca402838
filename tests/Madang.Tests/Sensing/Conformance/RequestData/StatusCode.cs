using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/status-code")]
public sealed class StatusCode(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory, BothEngines]
    public async Task Each_outcome_has_its_code(Engine engine)
    {
        var sta = await shared.Get(engine, Numbers.Prepare);

        await sta.Get("Things(1)");
        await sta.Get("Observations(1)/resultTime/$value", HttpStatusCode.NoContent);
        await sta.Get("Things(99)", HttpStatusCode.NotFound);
        await sta.Get("Nothings", HttpStatusCode.NotFound);
        await sta.Get("Things(x)", HttpStatusCode.BadRequest);
        await sta.Get("CreateObservations", HttpStatusCode.MethodNotAllowed);
    }
}
