using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Sensing;
using Madang.Tests.Trust;
using Madang.Tests.Trust.Accounts;
using Madang.Web.Pages.Ask;

namespace Madang.Tests.Web;

/// <summary>The page to try queries, as a browser without JavaScript uses it.</summary>
public sealed class QueryPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Every_example_is_answered_and_the_wrong_one_is_explained(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.Observe(await sta.CreateDatastream(), (0, 20), (60, 31), (200, 38));
        var patience = TimeProvider.System.GetTimestamp();
        while ((int)(await sta.Get("/api/city/sensors?data=simulated"))["count"]! < 1)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "the reading becomes a figure");
            await Task.Delay(10, Cancel);
        }

        var examples = Regex.Matches(await sta.City.Client.GetStringAsync("/developers/query", Cancel), "data-example=\"(\\w+)\"><a href=\"([^\"#]+)#answer\"");
        Assert.Equal(9, examples.Count);
        foreach (Match example in examples)
        {
            foreach (var root in (string[])["", "/en"])
            {
                var page = await sta.City.Client.GetStringAsync(root + WebUtility.HtmlDecode(example.Groups[2].Value), Cancel);
                Assert.True(page.Contains(example.Groups[1].Value == "wrong" ? ">400 Bad Request<" : ">200 OK<", StringComparison.Ordinal), $"{example.Groups[1].Value}: {page}");
            }
        }
    }

    [Fact]
    public async Task An_answer_is_shown_with_status_time_size_next_page_and_the_same_call_for_a_command_line()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.CreateDatastream("종로 <b>1</b>");
        await sta.CreateDatastream("중구 'A' & B");
        var page = await Ask(sta, "Things?$select=name&$orderby=name&$top=1");
        Assert.Contains("\"name\": \"종로 &lt;b&gt;1&lt;/b&gt;\"", Korean(page), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>1</b>", page, StringComparison.Ordinal);
        Assert.Matches("(?s)200 OK</dd>.*[\\d.,]+밀리초</dd>.*\\d+ B</dd>.*application/json", Korean(page));

        var next = WebUtility.HtmlDecode(Regex.Match(page, "href=\"(/developers/query\\?q=[^\"]+)#answer\" rel=\"next\"").Groups[1].Value);
        page = await sta.City.Client.GetStringAsync(next, Cancel);
        Assert.Contains("중구 'A' & B", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", page, StringComparison.Ordinal);

        page = await Ask(sta, "/sta/v1.1/Things?$filter=name eq '중구 ''A'' %26 B'\r\n&$count=true");
        Assert.Contains("\"@iot.count\": 1", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains(@"--data-urlencode '$filter=name eq '\''중구 '\'''\''A'\'''\'' & B'\'''", WebUtility.HtmlDecode(page), StringComparison.Ordinal);

        page = await Ask(sta, "Datastreams(1)/Observations?$resultFormat=CSV");
        Assert.Contains("text/csv", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_answer_is_shown_only_in_part_and_its_next_page_is_found_all_the_same()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var datastream = await sta.CreateDatastream();
        await sta.Observe(datastream, [.. Enumerable.Range(0, 1300).Select(minute => (minute, (double)minute))]);
        var page = await Ask(sta, "Observations?$top=1290");
        Assert.Contains("앞부분만 보였습니다", page, StringComparison.Ordinal);
        Assert.Contains("rel=\"next\"", page, StringComparison.Ordinal);
        Assert.True(page.Length < 150_000, $"{page.Length}");
    }

    [Theory]
    [InlineData("Things?filter=name eq 'a'", "$filter입니다")]
    [InlineData("Things?$Top=5", "$top입니다")]
    [InlineData("Thing?$top=5", "Things을(를) 뜻하셨습니까")]
    [InlineData("things", "Things을(를) 뜻하셨습니까")]
    [InlineData("Things('1')", "따옴표 없이")]
    [InlineData("Things(77)", "지워졌거나")]
    [InlineData("Things?$filter=name eq \"종로\"", "곧은 홑따옴표")]
    [InlineData("Observations?$filter=result >= 35", "> 는 gt")]
    [InlineData("Things?$filter=name eq '종로", "닫는 따옴표")]
    [InlineData("Things?$expand=Datastreams($select=name&$top=1)", "; 로 나눕니다")]
    [InlineData("Things?$select=Name", "대소문자를 가립니다")]
    [InlineData("Things?$search=종로", "아직 하지 않는")]
    [InlineData("Things?$top=1&$top=2", "두 번")]
    [InlineData("../../api/people", "주소가 아닙니다")]
    [InlineData("$batch", "주소가 아닙니다")]
    [InlineData("Observations?$filter=phenomenonTime gt '2026-07-19'", "phenomenonTime gt 2026-07-19T00:00:00Z")]
    [InlineData("Observations?$filter=result gt 35 and resultTime le '2026-07-19T09:30:00+09:00'", "resultTime gt 2026-07-19T09:30:00+09:00")]
    [InlineData("Observations?$filter=phenomenonTime gt '2026-07-19 09:30:00'", "phenomenonTime gt 2026-07-19T09:30:00Z")]
    [InlineData("Things?$filter=name eq 종로 1", "홑따옴표로 감쌉니다: '종로 1'")]
    [InlineData("Things?$filter=name eq Jongno and description ne 'x'", "홑따옴표로 감쌉니다: 'Jongno'")]
    [InlineData("Things?$filter=contains(name,종로)", "홑따옴표로 감쌉니다: '종로'")]
    [InlineData("Datastream(1)", "Datastreams을(를) 뜻하셨습니까")]
    [InlineData("Datastreams(1)/Observation", "'Observation'이(가) 아니라 Observations입니다")]
    [InlineData("ObservedPropertys", "ObservedProperties을(를) 뜻하셨습니까")]
    [InlineData("Things?$filer=name eq 'a'", "$filter입니다")]
    [InlineData("Things?$slect=name", "$select입니다")]
    [InlineData("Things?$oderby=name", "$orderby입니다")]
    [InlineData("Things?$filter=nmae eq 'a'", "'nmae'이(가) 아니라 name입니다")]
    [InlineData("Observations?$filter=phenomenontime gt 2026-07-19T00:00:00Z", "'phenomenontime'이(가) 아니라 phenomenonTime입니다")]
    [InlineData("Datastreams?$filter=Thing/descripton eq 'a'", "'descripton'이(가) 아니라 description입니다")]
    [InlineData("Datastreams?$orderby=phenomenonTme", "'phenomenonTme'이(가) 아니라 phenomenonTime입니다")]
    [InlineData("Things?$filter=(name eq 'a'", "$filter에 닫는 괄호 )가 모자랍니다")]
    [InlineData("Things?$filter=name eq 'a')", "$filter에 닫는 괄호 )가 남습니다")]
    [InlineData("Things?$expand=Datastreams($select=name", "$expand에 닫는 괄호 )가 모자랍니다")]
    [InlineData("Things(1", "열고 닫아야 합니다")]
    [InlineData("Things?$filter=name like 'a'", "'like' 대신 contains(name, '…')")]
    [InlineData("Things?$filter=name eq 'a' AND description eq 'b'", "'AND' 대신 and")]
    [InlineData("Things?$orderby=name descending", "'descending' 대신 desc")]
    [InlineData("Things?$top=5;$skip=2", "옵션은 & 로 나눕니다")]
    [InlineData("Observations?$filter=Datastream eq 5", "Datastream/id eq 5")]
    [InlineData("Things/1", "괄호 안에 적습니다: Things(1)")]
    [InlineData("Things(1)/Observations", "Datastream/Thing/id eq 1")]
    [InlineData("Observations?$filter=phenomenonTime gt 2026-11-1", "2026-11-1이(가) 아니라 2026-11-01")]
    public async Task A_mistake_is_explained(string query, string hint)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var page = WebUtility.HtmlDecode(await Ask(sta, query));
        Assert.Contains("이 질의에는 답할 수 없습니다", page, StringComparison.Ordinal);
        Assert.Contains(hint, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Things?$filter=name eq 'a' and", "끝나는데|끝났는데")]
    [InlineData("Things?$filter=nmae eq 'a'", "1번째 글자의 'nmae'은\\(는\\) Thing에 없는 속성이나 관계입니다")]
    [InlineData("Things?$filter=contains(name,5)", "text|글자")]
    [InlineData("Things?$top=x", "'x'은\\(는\\) 0 이상의 정수가 아닙니다")]
    public async Task What_the_door_says_is_said_in_the_readers_language(string query, string said)
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        var wrong = Regex.Match(WebUtility.HtmlDecode(await Ask(sta, query)), "(?s)<p id=\"ask-wrong\">.*?</p>").Value;
        Assert.Matches(said, wrong);
        Assert.DoesNotContain("lang=\"en\"", wrong, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "name", 0)]
    [InlineData("Name", "name", 0)]
    [InlineData("nmae", "name", 1)]
    [InlineData("", "name", 4)]
    [InlineData("filter", "filer", 1)]
    public void Names_are_so_many_letters_apart(string one, string other, int steps) => Assert.Equal((steps, steps), (QueryNames.Steps(one, other), QueryNames.Steps(other, one)));

    [Fact]
    public async Task A_time_zone_that_is_written_by_hand_keeps_its_plus()
    {
        await using var sta = await Sta.Start(Engine.Sqlite);
        await sta.Observe(await sta.CreateDatastream(), (0, 20), (60, 31));
        var page = WebUtility.HtmlDecode(await Ask(sta, "Observations?$filter=phenomenonTime ge 2026-07-19T09:30:00+09:00&$count=true"));
        Assert.Contains("\"@iot.count\": 1", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_asks_with_the_rights_of_who_looks_and_nobody_else()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var (_, secret) = await city.Key(await city.Provider("secret", await city.Department("digital"), isPublic: false));
        await city.Thing(secret);
        var anonymous = await city.With(null).GetStringAsync("/developers/query?q=Things?$count=true", Cancel);
        await Visitor.AddPerson(city.City);
        await Visitor.GiveRole(city.City, "operator");
        var kim = new Visitor(city.City);
        await kim.SignIn();
        await kim.Get("/developers/query?q=Things?$count=true");
        Assert.Contains("\"@iot.count\": 0", WebUtility.HtmlDecode(anonymous), StringComparison.Ordinal);
        Assert.Contains("\"@iot.count\": 1", WebUtility.HtmlDecode(kim.Page), StringComparison.Ordinal);
        Assert.Contains(">404 Not Found<", await city.With(null).GetStringAsync("/developers/query?q=Datastreams(1)", Cancel), StringComparison.Ordinal);

        // A whole address of elsewhere is read below this server's own root, and never there.
        var elsewhere = await city.With(null).GetStringAsync("/developers/query?q=http://city.example/sta/v1.1/Things", Cancel);
        Assert.Contains(">200 OK<", elsewhere, StringComparison.Ordinal);
        Assert.Contains("curl -s 'http://localhost/sta/v1.1/Things'", WebUtility.HtmlDecode(elsewhere), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await city.With(null).GetAsync("/datastreams/1", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await kim.Get("/datastreams/1")).StatusCode);
        Assert.Contains("종로 1", kim.Page, StringComparison.Ordinal);
        Assert.Contains("아직 받은 값이 없습니다.", kim.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Things", "curl -s 'http://x/sta/v1.1/Things'")]
    [InlineData("/sta/tasking/v1.1/Tasks?$top=1", "curl -sG 'http://x/sta/tasking/v1.1/Tasks' \\\n  --data-urlencode '$top=1'")]
    [InlineData("Things?@/etc/passwd", "curl -sG 'http://x/sta/v1.1/Things' \\\n  --data-urlencode '@%2Fetc%2Fpasswd='")]
    [InlineData("Things';rm -rf ~;'?a=';b", "curl -sG 'http://x/sta/v1.1/Things%27%3Brm%20-rf%20~%3B%27' \\\n  --data-urlencode 'a='\\'';b'")]
    [InlineData("Things(1)/properties[0]", "curl -s 'http://x/sta/v1.1/Things(1)/properties%5B0%5D'")]
    public void A_command_line_holds_nothing_that_a_shell_or_curl_would_run(string address, string curl) => Assert.Equal(curl, AskedAddress.Of(address).Curl("http://x"));

    [Theory]
    [InlineData("Things?$filter=name eq '종로+1 %26 100%25'")]
    [InlineData("Observations?$filter=phenomenonTime ge 2026-07-19T00:00:00%2B09:00")]
    [InlineData("")]
    public void What_stands_in_the_form_is_read_as_it_was_asked(string readable)
    {
        var asked = AskedAddress.Of(readable);
        Assert.Equal(asked.Address, AskedAddress.Of(asked.Readable).Address);
        Assert.Equal(asked.Address, AskedAddress.Of("http://anywhere" + asked.Address).Address);
        Assert.All(asked.Address, letter => Assert.InRange(letter, '!', '~'));
    }

    [Theory]
    [InlineData("""{"a":[],"b":{},"c":[127.0,37.50],"d":["x",{"y":null}],"e":"종\"로"}""", "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [127.0, 37.50],\n  \"d\": [\n    \"x\",\n    {\n      \"y\": null\n    }\n  ],\n  \"e\": \"종\\\"로\"\n}")]
    [InlineData("no json", "no json")]
    [InlineData("[1,2,3,4,5,6,7,8,9]", "[\n  1,\n  2,\n  3,\n  4,\n  5,\n  6,\n  7,\n  8,\n  9\n]")]
    public void Json_is_put_in_lines(string json, string lines) => Assert.Equal((lines, true), PrettyJson.Of(System.Text.Encoding.UTF8.GetBytes(json), isAll: true));

    [Fact]
    public void The_beginning_of_json_is_put_in_lines_as_far_as_it_goes() => Assert.Equal(("{\n  \"a\": 1,\n  \"b\": \n…", false), PrettyJson.Of("{\"a\":1,\"b\":\"종"u8, isAll: false));

    private static Task<string> Ask(Sta sta, string query) => sta.City.Client.GetStringAsync("/developers/query?q=" + Uri.EscapeDataString(query), Cancel);

    /// <summary>Letters as they are and signs as they were escaped.</summary>
    private static string Korean(string page) => page.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&#x27;", "'", StringComparison.Ordinal);
}
