using System.Net;
using Madang.Storage;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/query-status-code")]
public sealed class QueryStatusCode(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("$frob=1", HttpStatusCode.BadRequest)]
    [InlineData("frob=1", HttpStatusCode.BadRequest)]
    [InlineData("$top=1&$top=2", HttpStatusCode.BadRequest)]
    [InlineData("$filter=nme eq 1", HttpStatusCode.BadRequest)]
    [InlineData("$orderby=nme", HttpStatusCode.BadRequest)]
    [InlineData("$expand=Nothing", HttpStatusCode.BadRequest)]
    [InlineData("$search=x", HttpStatusCode.NotImplemented)]
    [InlineData("$select=properties/list[0]", HttpStatusCode.NotImplemented)]
    public async Task An_unknown_option_is_400_and_one_that_is_not_offered_501(string option, HttpStatusCode status)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            var problem = await (await shared.Get(engine, Numbers.Prepare)).Get("Things?" + option, status);

            Assert.NotEmpty((string)problem["detail"]!);
        }
    }
}
