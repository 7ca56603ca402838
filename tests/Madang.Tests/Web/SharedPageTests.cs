using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;

namespace Madang.Tests.Web;

/// <summary>The front page is drawn once for all who are not signed in, and is nobody's who is.</summary>
public sealed class SharedPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_has_the_page_is_told_that_it_is_still_so_until_the_city_changes()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var first = await Ask(city, "/");

        var again = await Ask(city, "/", request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        var english = await Ask(city, "/en/");
        var dark = await Ask(city, "/", request => request.Headers.Add("Cookie", "madang-look=dark.large"));
        var darkAgain = await Ask(city, "/", request =>
        {
            request.Headers.Add("Cookie", "madang-look=dark.large");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        });

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        Assert.Equal(["Cookie", "Accept-Encoding"], first.Headers.Vary);
        Assert.Contains("<html lang=\"en\">", await english.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Contains("data-look-mode=\"dark\" data-look-size=\"large\"", await dark.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, darkAgain.StatusCode);
        Assert.DoesNotContain("data-look-mode", await first.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_the_same_page_however_it_is_compressed()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var plain = await (await Ask(city, "/")).Content.ReadAsStringAsync(Cancel);

        foreach (var (encoding, open) in ((string, Func<Stream, Stream>)[])[("br", stream => new BrotliStream(stream, CompressionMode.Decompress)), ("gzip", stream => new GZipStream(stream, CompressionMode.Decompress))])
        {
            var packed = await Ask(city, "/", request => request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding)));
            await using var opened = open(await packed.Content.ReadAsStreamAsync(Cancel));
            using var reader = new StreamReader(opened);

            Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
            Assert.Equal(plain, await reader.ReadToEndAsync(Cancel));
        }

        var refused = await Ask(city, "/", request => request.Headers.TryAddWithoutValidation("Accept-Encoding", "br;q=0, identity"));
        Assert.Empty(refused.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Addresses_by_which_readers_know_the_server_are_not_mixed()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        foreach (var host in (string[])["localhost", "127.0.0.1"])
        {
            var page = await (await Ask(city, "/", request => request.Headers.Host = host)).Content.ReadAsStringAsync(Cancel);

            Assert.Contains($"<meta property=\"og:url\" content=\"http://{host}/\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Addresses_that_anybody_makes_up_are_not_kept()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        Assert.NotNull((await Ask(city, "/?measure=pm10&sort=-pm10")).Headers.ETag);
        Assert.Null((await Ask(city, "/?made=up")).Headers.ETag);
    }

    [Fact]
    public async Task Who_is_signed_in_gets_a_page_that_nobody_else_gets()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        await Ask(city, "/");
        await kim.SignIn();

        var hers = await kim.Get("/");
        var others = await (await Ask(city, "/")).Content.ReadAsStringAsync(Cancel);

        Assert.Contains("data-session=", kim.Page, StringComparison.Ordinal);
        Assert.Null(hers.Headers.ETag);
        Assert.Equal("no-store", hers.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("data-session=", others, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Ask(TestCity city, string address, Action<HttpRequestMessage>? with = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        with?.Invoke(request);
        return await city.Client.SendAsync(request, Cancel);
    }
}
