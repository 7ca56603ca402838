using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Doors;

/// <summary>What a door's sender says of its text in Content-Type counts, whatever the mapping says.</summary>
public sealed class CharsetTests
{
    private const string Lamp = """
        name: lamp
        format: csv
        header: false
        device: { from: 1 }
        measures: [{ from: 2, measure: mode, kind: text }]
        create: true
        sensor: { name: x }
        thing: { name: "등 {device}" }
        location: { otherwise: [127, 37] }
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Encoding Cp949 => CodePagesEncodingProvider.Instance.GetEncoding(949)!;

    [Theory, BothEngines]
    public async Task A_text_is_read_in_the_charset_that_its_sender_names(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        foreach (var (door, encoding) in new[] { ("utf", "utf-8"), ("kor", "cp949") })
        {
            using var mapping = new StringContent(Lamp.Replace("name: lamp", $"name: {door}\nencoding: {encoding}", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.Created, (await sta.City.Client.PutAsync($"/doors/{door}", mapping, Cancel)).StatusCode);
            foreach (var (charset, bytes) in new[] { ("euc-kr", Cp949.GetBytes("가,켜짐똠\n")), ("CP949", Cp949.GetBytes("나,꺼짐\n")), ("utf-8", Encoding.UTF8.GetBytes("다,고장\n")), ("\"UTF-8\"", Encoding.UTF8.GetBytes("라,점검\n")) })
            {
                var seen = await Send(sta, $"/doors/{door}/preview", bytes, charset);
                Assert.Equal((HttpStatusCode.OK, 1), (seen.Status, (int)seen.Answer["stored"]!));
                Assert.Equal(HttpStatusCode.Created, (await Send(sta, $"/doors/{door}", bytes, charset)).Status);
            }
        }

        Assert.Equal("켜짐똠 꺼짐 고장 점검 켜짐똠 꺼짐 고장 점검", string.Join(' ', await sta.Names("Observations?$orderby=id", "result")));
        Assert.Equal(["등 가", "등 나", "등 다", "등 라"], await sta.Names("Things?$orderby=id"));
    }

    [Theory, BothEngines]
    public async Task A_charset_that_is_not_known_is_refused_and_one_that_does_not_fit_too(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        using var mapping = new StringContent(Lamp);
        await sta.City.Client.PutAsync("/doors/lamp", mapping, Cancel);
        foreach (var address in new[] { "/doors/lamp", "/doors/lamp/preview" })
        {
            Assert.Equal((HttpStatusCode.UnsupportedMediaType, "Content-Type"), Field(await Send(sta, address, "a,b"u8.ToArray(), "shift_jis")));
            Assert.Equal((HttpStatusCode.BadRequest, "body"), Field(await Send(sta, address, [.. "a,"u8, 0x81], "euc-kr")));
        }

        // What says to be UTF-8 and is not is kept, as where nothing is said.
        var kept = await Send(sta, "/doors/lamp", [.. "a,"u8, 0xFF], "utf-8");
        Assert.Equal((HttpStatusCode.Accepted, 1), (kept.Status, (int)kept.Answer["kept"]!));
    }

    private static (HttpStatusCode Status, string? Field) Field((HttpStatusCode Status, JsonNode Answer) sent) => (sent.Status, (string?)sent.Answer["field"]);

    private static async Task<(HttpStatusCode Status, JsonNode Answer)> Send(Sta sta, string address, byte[] bytes, string charset)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse($"text/csv; charset={charset}") } };
        using var answer = await sta.City.Client.PostAsync(address, content, Cancel);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!);
    }
}
