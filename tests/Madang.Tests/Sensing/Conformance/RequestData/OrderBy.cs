using Madang.Storage;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/orderby")]
public sealed class OrderBy(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("result desc&$top=3", "102,101,100")]
    [InlineData("result&$top=3", "0,1,2")]
    [InlineData("result asc&$top=2", "0,1")]
    [InlineData("Datastream/name desc,result desc&$top=2", "9,8")]
    [InlineData("phenomenonTime,result desc&$top=3", "100,0,101")]
    [InlineData("result mod 3 desc,result&$top=4", "2,5,8,101")]
    [InlineData("Datastream/Thing/name desc,phenomenonTime&$top=1", "0")]
    public async Task Entities_come_in_the_order_that_was_asked(string order, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            Assert.Equal(expected, await (await shared.Get(engine, Numbers.Prepare)).Results("Observations?$orderby=" + order));
        }
    }
}
