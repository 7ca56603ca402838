using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust;
using Madang.Trust.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

public sealed class DeviceGateTests
{
    private static readonly ForDevices Mark = new();

    public static TheoryData<string, object[], bool> Routes => new()
    {
        { "127.0.0.1", [Mark, new AuthorizeAttribute(Policies.SensingWrite)], true },
        { "127.0.0.1", [Mark, new AuthorizeAttribute(Policies.SensingWrite), new AuthorizeAttribute(Policies.PublicRead)], true },
        { "127.0.0.1", [new AuthorizeAttribute(Policies.SensingWrite)], false },
        { "127.0.0.1", [Mark], false },
        { "127.0.0.1", [Mark, new AuthorizeAttribute()], false },
        { "127.0.0.1", [Mark, new AuthorizeAttribute(Policies.SensingWrite) { Roles = "mayor" }], false },
        { "127.0.0.1", [Mark, new AuthorizeAttribute(Policies.SensingWrite), new AuthorizeAttribute("nobody")], false },
        { "203.0.113.7", [Mark, new AuthorizeAttribute(Policies.SensingWrite)], false },
    };

    [Theory, MemberData(nameof(Routes), DisableDiscoveryEnumeration = true)]
    public async Task Only_a_known_caller_who_meets_every_policy_of_a_marked_route_goes_straight_through(string from, object[] metadata, bool straight)
    {
        await using var city = await TestCity.Start(
            Engine.Sqlite, services: services => services.Configure<AuthorizationOptions>(options => options.AddPolicy("nobody", policy => policy.RequireAssertion(_ => false))));
        var services = city.Services;
        var reached = "";
        var gate = ActivatorUtilities.CreateInstance<DeviceGate>(services, (RequestDelegate)(_ => Reach("the long way")));
        Task Reach(string where)
        {
            reached += where;
            return Task.CompletedTask;
        }

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var context = new DefaultHttpContext { RequestServices = services };
            context.Connection.RemoteIpAddress = IPAddress.Parse(from);
            context.Request.Host = new HostString("localhost");
            context.SetEndpoint(new Endpoint(_ => Reach("the route"), new EndpointMetadataCollection(metadata), "a route"));
            await gate.InvokeAsync(context);
        }

        Assert.Equal(straight ? "the routethe route" : "the long waythe long way", reached);
    }
}
