using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing.Conformance.Extensions;

[Requirement(Requirements.Sensing + "batch-request/batch-request")]
public sealed class BatchRequest
{
    [Theory, BothEngines]
    public async Task Several_requests_are_one_and_each_has_its_own_answer(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var body = "--b\r\nContent-Type: application/http\r\n\r\nGET /sta/v1.1/Things(1)/name/$value HTTP/1.1\r\n\r\n\r\n"
            + "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
            + "--c\r\nContent-Type: application/http\r\nContent-ID: new\r\n\r\nPOST Things HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{ \"name\": \"n\", \"description\": \"d\" }\r\n"
            + "--c\r\nContent-Type: application/http\r\nContent-ID: next\r\n\r\nPOST $new/Datastreams HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + Sta.Datastream().ReplaceLineEndings(" ") + "\r\n"
            + "--c--\r\n--b--\r\n";
        using var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
        var answer = await sta.City.Client.PostAsync("/sta/v1.1/$batch", content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("multipart/mixed", answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, text.Split("HTTP/1.1 201 Created").Length - 1);
        Assert.Contains("종로 1", text, StringComparison.Ordinal);
        Assert.Equal(2, (int)(await sta.Get("Datastreams(2)/Thing"))["@iot.id"]!);
    }
}
