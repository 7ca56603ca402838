using System.Globalization;
using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.AspNetCore.Http;

namespace Madang.Tests.Server;

/// <summary>Whom the server takes for the caller when somebody speaks for him.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7")]
    [InlineData("192.168.7.9", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.5", "127.0.0.1, 198.51.100.1 , 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.5", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("10.0.0.5", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.5", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.5", "unknown", "10.0.0.5")]
    [InlineData("10.0.0.5", "", "10.0.0.5")]
    [InlineData("10.0.0.6", "203.0.113.7", "10.0.0.6")]
    [InlineData("203.0.113.9", "127.0.0.1", "203.0.113.9")]
    public async Task Only_a_known_proxy_is_believed_and_only_what_it_saw_itself(string from, string said, string caller)
    {
        await using var city = await Start("10.0.0.5", "192.168.7.0/24");
        var context = await Ask(city, "/health/live", from, request => (request.Headers["X-Forwarded-For"], request.Headers["X-Forwarded-Proto"]) = (said, "https"));
        Assert.Equal(IPAddress.Parse(caller), context.Connection.RemoteIpAddress);
        Assert.Equal(from is "10.0.0.6" or "203.0.113.9" ? "http" : "https", context.Request.Scheme);
    }

    [Fact]
    public async Task Nobody_is_believed_where_no_proxy_is_named()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var context = await Ask(city, "/health/live", "127.0.0.1", request => request.Headers["X-Forwarded-For"] = "203.0.113.7");
        Assert.Equal(IPAddress.Loopback, context.Connection.RemoteIpAddress);
    }

    [Theory]
    [InlineData("unix", "203.0.113.7")]
    [InlineData("10.0.0.5", null)]
    public async Task A_proxy_by_a_unix_socket_is_believed_where_it_is_named(string proxies, string? caller)
    {
        await using var city = await Start(proxies);
        var context = await Ask(city, "/health/live", null, request => request.Headers["X-Forwarded-For"] = "203.0.113.7");
        Assert.Equal(caller, context.Connection.RemoteIpAddress?.ToString());
    }

    [Fact]
    public async Task Callers_behind_a_proxy_are_limited_each_for_himself()
    {
        await using var city = await Start(settings => settings["Trust:AddressRequestsPerSecond"] = "1", "127.0.0.1");
        async Task<int> Served(string caller)
        {
            var served = 0;
            for (var times = 0; times < 15; times++)
            {
                served += (await Ask(city, "/health/live", "127.0.0.1", request => request.Headers["X-Forwarded-For"] = caller)).Response.StatusCode == 200 ? 1 : 0;
            }

            return served;
        }

        Assert.InRange(await Served("203.0.113.7"), 10, 12);
        Assert.InRange(await Served("203.0.113.8"), 10, 12);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Original-For", "127.0.0.1:80")]
    [InlineData("X-Forwarded-Proto", "http")]
    public async Task Who_came_through_a_proxy_is_never_local_whatever_it_says(string header, string value)
    {
        await using var city = await Start("127.0.0.1");
        Assert.Equal(404, (await Ask(city, "/sta/v1.1/Things(1)", "127.0.0.1", request => request.Method = HttpMethods.Delete)).Response.StatusCode);
        Assert.Equal(401, (await Ask(city, "/sta/v1.1/Things(1)", "127.0.0.1", request => (request.Method, request.Headers[header]) = (HttpMethods.Delete, value))).Response.StatusCode);
    }

    private static Task<TestCity> Start(params string[] proxies) => Start(_ => { }, proxies);

    private static Task<TestCity> Start(Action<IDictionary<string, string?>> more, params string[] proxies) => TestCity.Start(Engine.Sqlite, settings =>
    {
        more(settings);
        foreach (var (number, proxy) in proxies.Index())
        {
            settings["Server:Proxies:" + number.ToString(CultureInfo.InvariantCulture)] = proxy;
        }
    });

    private static Task<HttpContext> Ask(TestCity city, string path, string? from, Action<HttpRequest> arrange) => city.Server.SendAsync(
        context =>
        {
            (context.Request.Method, context.Request.Path, context.Request.Host) = (HttpMethods.Get, path, new("localhost"));
            context.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
            arrange(context.Request);
        },
        Cancel);
}
