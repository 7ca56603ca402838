using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

public sealed class WriteAccessTests
{
    private const string Key = "a-secret-of-24-characters-or-more";

    [Fact]
    public async Task A_caller_on_this_machine_may_write() => Assert.True(await MayWrite(_ => { }));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:8080")]
    [InlineData("::1", "[::1]:8080")]
    [InlineData("::ffff:127.0.0.1", "localhost")]
    public async Task Every_loopback_address_is_this_machine(string from, string host) => Assert.True(await MayWrite(request =>
    {
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Parse(from);
        request.Host = new HostString(host);
    }));

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("192.168.0.10")]
    [InlineData("::ffff:203.0.113.7")]
    [InlineData("2001:db8::1")]
    public async Task A_remote_caller_may_not_write_without_the_key(string from) =>
        Assert.False(await MayWrite(request => request.HttpContext.Connection.RemoteIpAddress = IPAddress.Parse(from)));

    [Theory]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("x-forwarded-host", "city.example")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "203.0.113.7")]
    public async Task A_caller_behind_a_proxy_on_this_machine_is_not_local(string header, string value) =>
        Assert.False(await MayWrite(request => request.Headers[header] = value));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("203.0.113.7")]
    public async Task A_name_bound_to_this_machine_from_outside_is_not_local(string host) =>
        Assert.False(await MayWrite(request => request.Host = new HostString(host)));

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_may_not_write_through_the_visitors_browser(string header, string value) =>
        Assert.False(await MayWrite(request => request.Headers[header] = value));

    [Fact]
    public async Task Our_own_page_may_write() => Assert.True(await MayWrite(request =>
    {
        request.Headers.Origin = "http://localhost";
        request.Headers["Sec-Fetch-Site"] = "same-origin";
    }));

    [Fact]
    public async Task The_key_lets_a_remote_caller_write() => Assert.True(await MayWrite(Remote($"Bearer {Key}"), Key));

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    public async Task A_wrong_key_does_not(string authorization) => Assert.False(await MayWrite(Remote(authorization), Key));

    [Fact]
    public async Task A_wrong_key_is_wrong_on_this_machine_too() => Assert.False(await MayWrite(request => request.Headers.Authorization = "Bearer wrong", Key));

    [Fact]
    public async Task No_key_is_right_when_none_is_set() => Assert.False(await MayWrite(Remote("Bearer ")));

    [Fact]
    public async Task Who_may_not_write_is_told_how_to_come_in()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var refused = await city.Server.SendAsync(
            context =>
            {
                context.Request.Method = HttpMethods.Delete;
                context.Request.Path = "/sta/v1.1/Things(1)";
                context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
            },
            TestContext.Current.CancellationToken);

        Assert.Equal((401, "Bearer realm=\"madang\""), (refused.Response.StatusCode, refused.Response.Headers.WWWAuthenticate.ToString()));
    }

    private static Action<HttpRequest> Remote(string authorization) => request =>
    {
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.7");
        request.Headers.Authorization = authorization;
    };

    private static async Task<bool> MayWrite(Action<HttpRequest> arrange, string? key = null)
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings => settings["Trust:WriteKey"] = key);
        await using var scope = city.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Host = new HostString("localhost");
        arrange(context.Request);
        var caller = await context.AuthenticateAsync();
        var authorization = scope.ServiceProvider.GetRequiredService<IAuthorizationService>();
        return (await authorization.AuthorizeAsync(caller.Principal ?? new(), null, Policies.SensingWrite)).Succeeded;
    }
}
