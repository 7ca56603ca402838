using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Sensing;

/// <summary>If-Match and If-None-Match on what changes an entity (RFC 9110, 13.1).</summary>
public sealed class PreconditionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_was_read_in_part_is_changed_by_its_tag_as_well(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var part = await Tag(sta, "Things(1)?$select=name");

        Assert.Equal(await Tag(sta, "Things(1)"), part);
        Assert.Equal(HttpStatusCode.OK, (await Send(sta, HttpMethod.Patch, "Things(1)", """{ "description": "x" }""", ifMatch: part)).Status);
        Assert.NotEqual(part, await Tag(sta, "Things(1)?$select=name"));
    }

    [Theory, BothEngines]
    public async Task A_change_is_made_only_of_the_state_that_If_Match_names(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        await sta.Observe(1, (0, 1));
        foreach (var (address, body, whole) in new[]
        {
            ("Observations(1)", """{ "parameters": { "a": 1 } }""", """{ "result": 2, "phenomenonTime": "2026-07-19T00:00:00Z" }"""),
            ("Things(1)", """{ "description": "x" }""", """{ "name": "n", "description": "y" }"""),
        })
        {
            var first = await Tag(sta, address);
            var (status, second) = await Send(sta, HttpMethod.Patch, address, body, ifMatch: first);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(await Tag(sta, address), second);
            Assert.NotEqual(first, second);

            foreach (var method in new[] { HttpMethod.Patch, HttpMethod.Put, HttpMethod.Delete })
            {
                Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, method, address, method == HttpMethod.Put ? whole : body, ifMatch: first)).Status);
            }

            Assert.Equal(second, await Tag(sta, address));
            Assert.Equal(HttpStatusCode.OK, (await Send(sta, HttpMethod.Put, address, whole, ifMatch: $"\"other\", {second}")).Status);
            Assert.Equal(HttpStatusCode.OK, (await Send(sta, HttpMethod.Patch, address, body, ifMatch: "*")).Status);
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Patch, address, body, ifNoneMatch: "*")).Status);
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await Send(sta, HttpMethod.Delete, address, null, ifNoneMatch: await Tag(sta, address))).Status);
            Assert.Equal(HttpStatusCode.OK, (await Send(sta, HttpMethod.Patch, address, body, ifNoneMatch: first)).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await Send(sta, HttpMethod.Delete, address, null, ifMatch: await Tag(sta, address))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Send(sta, HttpMethod.Delete, address, null, ifMatch: "*")).Status);
        }
    }

    [Theory, BothEngines]
    public async Task Of_many_who_know_the_same_state_one_changes_it(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var tag = await Tag(sta, "Things(1)");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Send(sta, HttpMethod.Patch, "Things(1)", $$"""{ "description": "{{number}}" }""", ifMatch: tag)));

        Assert.Equal([HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.PreconditionFailed, 7)], answers.Select(answer => answer.Status).Order());
    }

    [Theory, BothEngines]
    public async Task In_a_batch_each_part_has_its_own_and_a_change_set_is_undone_by_one_that_fails(Engine engine)
    {
        await using var sta = await Sta.Start(engine);
        await sta.CreateDatastream();
        var tag = await Tag(sta, "Things(1)");
        string Part(string id, string match, string description, string group) =>
            $$"""{ "id": "{{id}}", {{group}} "method": "patch", "url": "Things(1)", "headers": { "If-Match": {{JsonValue.Create(match).ToJsonString()}} }, "body": { "description": "{{description}}" } }""";

        var alone = await sta.Post("$batch", $$"""{ "requests": [{{Part("1", tag, "a", "")}}] }""", HttpStatusCode.OK);
        var together = await sta.Post("$batch", $$"""{ "requests": [{{Part("1", "*", "b", "\"atomicityGroup\": \"g\",")}}, {{Part("2", tag, "c", "\"atomicityGroup\": \"g\",")}}] }""", HttpStatusCode.OK);

        Assert.Equal([200], alone["responses"]!.AsArray().Select(each => (int)each!["status"]!));
        Assert.Equal([424, 412], together["responses"]!.AsArray().Select(each => (int)each!["status"]!));
        Assert.Equal("a", (string)(await sta.Get("Things(1)"))["description"]!);
    }

    private static async Task<string> Tag(Sta sta, string address)
    {
        using var answer = await sta.City.Client.GetAsync(Sta.Address(address), Cancel);
        return answer.Headers.ETag!.ToString();
    }

    private static async Task<(HttpStatusCode Status, string? Tag)> Send(Sta sta, HttpMethod method, string address, string? body, string? ifMatch = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method, Sta.Address(address)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in new[] { ("If-Match", ifMatch), ("If-None-Match", ifNoneMatch) })
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await sta.City.Client.SendAsync(request, Cancel);
        return (answer.StatusCode, answer.Headers.ETag?.ToString());
    }
}
