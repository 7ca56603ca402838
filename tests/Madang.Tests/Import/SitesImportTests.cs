using System.Text;
using Madang.Import;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Import;

/// <summary>Tables with coordinates become sites.</summary>
public sealed class SitesImportTests
{
    [Theory]
    [InlineData("subway/stations.cp949.csv", "station", 314, 126.972135, 37.556228, "서울역")]
    [InlineData("facilities/libraries.cp949.csv", "library", 202, 127.096582, 37.47153836, "강남구립못골도서관")]
    public async Task Seouls_files_become_real_sites_without_a_word_about_their_columns_or_encoding(string file, string kind, int rows, double longitude, double latitude, string name)
    {
        var path = SharedData.Find(file);
        await using var desk = await ImportDesk.Open(Engine.Sqlite);

        var first = await Run(desk, path, new SitesPlan(kind) { Source = "서울 열린데이터광장", Licence = "KOGL-1", BaseYear = 2023 });
        var again = await Run(desk, path, new SitesPlan(kind) { Source = "서울 열린데이터광장", Licence = "KOGL-1", BaseYear = 2023 });

        Assert.Equal((first.Made, 0), (again.Unchanged, again.Made + again.Changed));
        Assert.True(first.Made + first.Rejected >= rows && first.Rejected < 20, $"{first} {(first.RejectedFile is null ? "" : await File.ReadAllTextAsync(desk.Rejected, TestContext.Current.CancellationToken))}");
        var near = (await desk.Sta.Get(FormattableString.Invariant($"/api/places/sites/near?lon={longitude}&lat={latitude}&metres=50&kinds={kind}")))["features"]!.AsArray();
        Assert.Contains(name, near.Select(each => (string)each!["properties"]!["name"]!));
        Assert.All(near, each => Assert.Equal(("real", "서울 열린데이터광장"), ((string)each!["properties"]!["world"]!, (string)each["properties"]!["source"]!)));
    }

    [Fact]
    public async Task Columns_can_be_named_and_rows_that_are_no_site_are_kept_aside_with_the_reason()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        var file = desk.File("stops.csv", "번호,곳,세로,가로\n1,앞,37.57,126.97\n1,뒤,37.57,126.98\n2,,37.57,126.97\n3,옆,,126.97\n4,먼 곳,370.5,126.97\n5,끝,37.58,126.99\n");
        var plan = new SitesPlan("stop") { Columns = new Dictionary<string, string> { ["code"] = "번호", ["name"] = "곳", ["latitude"] = "세로", ["longitude"] = "가로" }, Simulated = true };

        var told = await Run(desk, file, plan);

        Assert.Equal((6, 2, 4L), (told.Rows, told.Made, told.Rejected));
        var rejected = await File.ReadAllTextAsync(desk.Rejected, TestContext.Current.CancellationToken);
        Assert.Contains("3,code,1,the same code as line 2: 1", rejected, StringComparison.Ordinal);
        Assert.Contains("6,latitude,370.5,is no latitude in degrees", rejected, StringComparison.Ordinal);
        Assert.Equal(["앞", "끝"], (await desk.Sta.Get("/api/places/sites/stop?data=simulated"))["features"]!.AsArray().Select(each => (string)each!["properties"]!["name"]!));
        Assert.Empty((await desk.Sta.Get("/api/places/sites/stop"))["features"]!.AsArray());
    }

    [Theory]
    [InlineData("이름,위도\n가,37.5\n", null, "longitude")]
    [InlineData("이름,위도,경도\n가,37.5,127\n", "colour=이름", "colour")]
    [InlineData("이름,위도,경도\n가,37.5,127\n", "name=제목", "제목")]
    public async Task A_column_that_is_not_there_stops_the_import_before_anything_is_stored(string text, string? column, string expected)
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        var columns = column is null ? [] : new Dictionary<string, string> { [column.Split('=')[0]] = column.Split('=')[1] };
        var refusal = await Assert.ThrowsAsync<InvalidInputException>(() => Run(desk, desk.File("a.csv", text), new SitesPlan("stop") { Columns = columns }));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_takes_a_file_in_the_code_page_of_Korean_windows()
    {
        await using var desk = await ImportDesk.Open(Engine.Sqlite);
        await using var store = await TestStore.Create(Engine.Sqlite);
        var file = desk.File("학교.csv", "학교명,위도,경도\n한빛 초등학교,37.57,126.97\n", CodePagesEncodingProvider.Instance.GetEncoding(949)!);
        foreach (var expected in (string[])["1 made, 0 changed", "0 made, 0 changed, 1 as they were, 0 rejected"])
        {
            await using var import = RealServer.Start(null, "import", "sites", file, "--kind", "school", "--source", "a test", "--column", "code=학교명", "--data", store.Folder);
            Assert.Equal(0, await import.UntilEnd());
            Assert.Contains(expected, import.Output, StringComparison.Ordinal);
        }
    }

    private static Task<SitesSummary> Run(ImportDesk desk, string file, SitesPlan plan) =>
        new SitesImport(desk.Sta.City.Client, null, TimeProvider.System).Run(file, plan, desk.Rejected, TestContext.Current.CancellationToken);
}
