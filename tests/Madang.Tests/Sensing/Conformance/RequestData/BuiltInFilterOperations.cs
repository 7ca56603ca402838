using Madang.Storage;

namespace Madang.Tests.Sensing.Conformance.RequestData;

[Requirement(Requirements.Sensing + "request-data/built-in-filter-operations")]
public sealed class BuiltInFilterOperations(SharedSta shared) : IClassFixture<SharedSta>
{
    [Theory]
    [InlineData("result eq 3", "3")]
    [InlineData("result ne 3 and result le 4", "0,1,2,4")]
    [InlineData("result gt 101", "102")]
    [InlineData("result ge 101", "101,102")]
    [InlineData("result lt 1", "0")]
    [InlineData("result le 1", "0,1")]
    [InlineData("result gt 2 and result lt 4", "3")]
    [InlineData("result eq 1 or result eq 2", "1,2")]
    [InlineData("not (result lt 102)", "102")]
    [InlineData("result add 5 eq 8", "3")]
    [InlineData("result sub 5 eq 4", "9")]
    [InlineData("result mul 2 eq 18", "9")]
    [InlineData("result div 2 eq 4.5", "9")]
    [InlineData("result mod 5 eq 4", "4,9")]
    [InlineData("(result eq 1 or result eq 2) and result gt 1", "2")]
    [InlineData("result eq 1 or result eq 2 and result gt 5", "1")]
    [InlineData("1 add 2 mul 3 eq result", "7")]
    public async Task Every_operator_of_table_21_means_what_it_says(string filter, string expected)
    {
        foreach (var engine in new[] { Engine.Sqlite, Engine.Postgres })
        {
            Assert.Equal(expected, await (await shared.Get(engine, Numbers.Prepare)).Results($"Observations?$orderby=id&$filter={filter}"));
        }
    }
}
