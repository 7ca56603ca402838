using System.Net;
using System.Text.Json;
using Madang.Kernel;
using Madang.Operations.Live;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Operations;

public sealed class ViewerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_address_may_hold_only_so_many_lines_and_this_machine_as_many_as_it_likes()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Operations:ViewersPerAddress"] = "2");
        using var leaving = new CancellationTokenSource();
        await Watch(city, "203.0.113.7", leaving.Token);
        await Watch(city, "::ffff:203.0.113.7", Cancel);

        var refused = await Watch(city, "203.0.113.7", Cancel);

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, refused.Response.StatusCode);
        Assert.Equal("30", refused.Response.Headers.RetryAfter);
        using var problem = await JsonDocument.ParseAsync(refused.Response.Body, cancellationToken: Cancel);
        Assert.Equal("too-many-viewers-of-one-address", problem.RootElement.GetProperty("code").GetString());
        foreach (var other in new[] { "203.0.113.8", "127.0.0.1", "127.0.0.1", "127.0.0.1" })
        {
            Assert.Equal(StatusCodes.Status200OK, (await Watch(city, other, Cancel)).Response.StatusCode);
        }

        await leaving.CancelAsync();
        await UntilFree(city, "203.0.113.7");
    }

    [Fact]
    public async Task HEAD_is_answered_at_once_and_holds_no_line()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Operations:ViewersPerAddress"] = "1");
        var head = await Watch(city, "203.0.113.7", Cancel, HttpMethods.Head);

        Assert.Equal((StatusCodes.Status200OK, "text/event-stream"), (head.Response.StatusCode, head.Response.ContentType));
        Assert.Equal(0, await head.Response.Body.ReadAsync(new byte[1], Cancel));
        await UntilFree(city, "203.0.113.7");
    }

    [Fact]
    public void An_address_without_a_line_is_forgotten_and_a_refused_one_is_not_remembered()
    {
        var viewers = new Viewers(most: 3, perAddress: 2);
        viewers.Enter("a");
        viewers.Enter("a");
        viewers.Enter(null);

        Assert.Equal("too-many-viewers", Assert.Throws<UnavailableException>(() => viewers.Enter("b")).Code);
        Assert.Equal(1, viewers.Addresses);
        viewers.Leave("a");
        viewers.Enter("b");
        viewers.Leave("b");
        viewers.Leave("a");

        Assert.Equal(0, viewers.Addresses);
    }

    private static async Task UntilFree(TestCity city, string address)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while ((await Watch(city, address, Cancel)).Response.StatusCode != StatusCodes.Status200OK)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(20), "a line that was given back is free again");
            await Task.Delay(10, Cancel);
        }
    }

    private static Task<HttpContext> Watch(TestCity city, string from, CancellationToken cancel, string method = "GET") => city.Server.SendAsync(
        context =>
        {
            context.Request.Method = method;
            context.Request.Path = "/live/city";
            context.Connection.RemoteIpAddress = IPAddress.Parse(from);
        },
        cancel);
}
