using System.Net;
using System.Text;
using Madang.Operations.Door;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.VisualBasic.FileIO;

namespace Madang.Tests.Operations;

public sealed class DownloadTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 5, 8, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_table_of_districts_is_a_file_that_a_spreadsheet_reads()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        await city.Sensor("가", Start, 36.5, simulated: true);
        await city.Until(snapshot => snapshot.Find("pm25") is not null);

        var (rows, name) = await Download(city, "/api/city/now.csv?data=simulated");

        Assert.Equal("madang-now-simulated.csv", name);
        Assert.Equal(["code", "name", "pm25 (㎍/㎥)", "pm25 grade"], rows[0][..4]);
        Assert.Equal(["sensors reporting", "sensors", "last value", "data"], rows[0][^4..]);
        Assert.Equal(27, rows.Count);
        Assert.Equal(["11110", "종로구", "36.5", "bad", "", ""], rows.Single(row => row[0] == "11110")[..6]);
        Assert.Equal(["1", "1", "2026-07-19T14:08:00+09:00", "simulated"], rows.Single(row => row[0] == "11110")[^4..]);
        Assert.Equal(["", "", "0", "0", "", "simulated"], rows.Single(row => row[0] == "11680")[^6..]);
    }

    [Fact]
    public async Task The_day_is_a_file_with_its_gaps()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        await city.Sensor("가", Start, 36.5, simulated: true);
        await city.Until(snapshot => snapshot.Find("pm25") is not null);

        var (rows, name) = await Download(city, "/api/city/day.csv?data=simulated");

        Assert.Equal("madang-day-simulated.csv", name);
        Assert.Equal(["time", "place code", "place name", "measure", "unit", "value", "data"], rows[0]);
        Assert.Equal(1 + (26 * 6 * 144), rows.Count);
        var jongno = rows.Where(row => row[1] == "11110" && row[3] == "pm25").ToList();
        Assert.Equal(["2026-07-19T14:00:00+09:00", "11110", "종로구", "pm25", "㎍/㎥", "36.5", "simulated"], jongno[^1]);
        Assert.Equal(("2026-07-18T14:10:00+09:00", ""), (jongno[0][0], jongno[0][5]));
    }

    [Fact]
    public async Task The_table_of_a_moment_of_the_last_day_is_a_file_too()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        var datastream = await city.Sensor("가", Start.AddHours(-3), 80, simulated: true);
        await city.Observe(datastream, Start, 12);
        await city.Restart();
        await city.Until(snapshot => snapshot.Find("pm25") is not null);

        var (rows, name) = await Download(city, "/api/city/now.csv?data=simulated&at=2026-07-19T02:05:00Z");

        Assert.Equal("madang-20260719-1100-simulated.csv", name);
        Assert.Equal(["2026-07-19T11:00:00+09:00", "11110", "종로구", "80", "very-bad"], rows.Single(row => row[1] == "11110")[..5]);
        Assert.Equal(HttpStatusCode.BadRequest, (await city.Client.GetAsync("/api/city/now.csv?at=2020-01-01T00:00:00Z", Cancel)).StatusCode);
    }

    [Fact]
    public async Task The_day_of_one_district_is_a_file_too()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, clock: new TestClock(Start));
        await city.Sensor("가", Start, 36.5, simulated: true);
        await city.Until(snapshot => snapshot.Find("pm25") is not null);

        var (all, _) = await Download(city, "/api/city/day.csv?data=simulated");
        var (rows, name) = await Download(city, "/api/city/day.csv?data=simulated&district=11110");

        Assert.Equal("madang-day-11110-simulated.csv", name);
        Assert.Equal([all[0], .. all.Where(row => row[1] == "11110")], rows);
        var refused = await city.Client.GetAsync("/api/city/day.csv?district=99999", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("\"field\":\"district\"", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+82", "'+82")]
    [InlineData("-3 ℃", "'-3 ℃")]
    [InlineData("@sum", "'@sum")]
    [InlineData("종로, \"가\"", "\"종로, \"\"가\"\"\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("", "")]
    public void Words_are_quoted_and_never_run(string words, string written)
    {
        var csv = new CsvText().Text(words).Number(-1.5);
        csv.End();
        Assert.Equal("\uFEFF" + written + ",-1.5\r\n", Encoding.UTF8.GetString(csv.ToBytes()));
    }

    private static async Task<(List<string[]> Rows, string? Name)> Download(TestCity city, string address)
    {
        var response = await city.Client.GetAsync(address, Cancel);
        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(Encoding.UTF8.Preamble.ToArray(), bytes[..3]);
        using var csv = new TextFieldParser(new StringReader(Encoding.UTF8.GetString(bytes[3..]))) { Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var rows = new List<string[]>();
        while (csv.ReadFields() is { } row)
        {
            rows.Add(row);
        }

        return (rows, response.Content.Headers.ContentDisposition?.FileName);
    }
}
