using System.Net;
using System.Text.RegularExpressions;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust;

/// <summary>Every route that there is, called by everybody that there is: who may not is refused before anything happens.</summary>
public sealed partial class RouteRoleTests
{
    private const string Anonymous = "anonymous";

    /// <summary>Who may pass each policy; a new one must be written here by hand, and so be thought about.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Policies.PublicRead] = ["everybody"],
        [Policies.SensingWrite] = ["operator", "key-write", "key-city"],
        [Policies.SensingCommand] = ["operator", "key-command"],
        [Policies.PlacesWrite] = ["operator", "key-city"],
        [Policies.RulesWrite] = ["operator", "official"],
        [Policies.AlertsWrite] = ["operator", "official"],
        [Policies.WarningsWrite] = ["operator", "official", "key-warn"],
        [Policies.IncidentsRead] = ["operator", "official", "mayor"],
        [Policies.IncidentsWrite] = ["operator", "official"],
        [Policies.DispatchWrite] = ["operator", "official", "key-dispatch"],
        [Policies.AutomationsRead] = ["operator", "official", "mayor"],
        [Policies.AutomationsWrite] = ["operator", "official"],
        [Policies.DepartmentsRead] = ["administrator", "mayor", "auditor"],
        [Policies.DepartmentsManage] = ["administrator"],
        [Policies.ProvidersRead] = ["administrator", "operator", "official", "mayor", "auditor"],
        [Policies.ProvidersManage] = ["administrator", "operator"],
        [Policies.LimitsManage] = ["operator"],
        [Policies.RecordRead] = ["auditor"],
        [Policies.RecordExport] = ["auditor"],
        [Policies.RecordManage] = ["auditor"],
        [Policies.PeopleRead] = ["administrator"],
        [Policies.PeopleManage] = ["administrator"],
        [Policies.SignedIn] = ["administrator", "operator", "official", "mayor", "auditor", "citizen"],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_lets_in_whom_its_policies_allow_and_nobody_else()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        var callers = await Callers(city);
        var endpoints = city.City.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToList();
        var breaches = new List<string>();
        var calls = 0;
        foreach (var endpoint in endpoints)
        {
            var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy!).ToList();
            Assert.All(policies, policy => Assert.True(Allowed.ContainsKey(policy), $"nobody said who may pass '{policy}'"));
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (var (role, client) in callers)
                {
                    var may = policies.Count > 0 && policies.TrueForAll(policy => Allowed[policy] is ["everybody"] || Allowed[policy].Contains(role));
                    var status = await Call(client, method, Address(endpoint));
                    var refused = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                    calls++;
                    // A key is nobody where people sign in.
                    var unknown = role == Anonymous || (policies.Contains(Policies.SignedIn) && role.StartsWith("key", StringComparison.Ordinal));
                    if (may == refused || (!may && status != (unknown ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden)))
                    {
                        breaches.Add($"{method} {endpoint.RoutePattern.RawText} as {role}: {(int)status}, {(may ? "allowed" : "not allowed")}");
                    }
                }
            }
        }

        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
        Assert.True(calls > 300, $"only {calls} calls");
    }

    [Fact]
    public void Every_role_is_in_the_table() =>
        Assert.Equal(Role.All.Select(role => role.Code).Order(), Allowed[Policies.SignedIn].Order());

    private static async Task<Dictionary<string, HttpClient>> Callers(ClosedCity city)
    {
        var department = await city.Department("d");
        var provider = await city.Provider("p", department);
        var callers = new Dictionary<string, HttpClient>
        {
            [Anonymous] = city.With(null),
            ["key-read"] = city.With((await city.Key(provider, ["read"])).Secret),
            ["key-write"] = city.With((await city.Key(provider, ["write"])).Secret),
            ["key-command"] = city.With((await city.Key(provider, ["command"])).Secret),
            ["key-warn"] = city.With((await city.Key(provider, ["warn"])).Secret),
            ["key-dispatch"] = city.With((await city.Key(null, ["dispatch"])).Secret),
            ["key-city"] = city.With((await city.Key(null, ["read", "write"])).Secret),
        };
        foreach (var role in Role.All)
        {
            await city.Give(role.Code, role.Code, null);
            callers.Add(role.Code, city.As(role.Code));
        }

        return callers;
    }

    /// <summary>An address of the route that leads to nothing, so that a call changes nothing; the body is missing too.</summary>
    private static string Address(RouteEndpoint endpoint)
    {
        var path = Parameter().Replace(endpoint.RoutePattern.RawText!, match => match.Groups[1].Value switch
        {
            "kind" => "nowhere",
            "path" => "Things(999999)",
            _ => "999999",
        });
        return "/" + path.TrimStart('/');
    }

    private static async Task<HttpStatusCode> Call(HttpClient client, string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        // A page leads whom it does not know to the door.
        return response.StatusCode == HttpStatusCode.Found && response.Headers.Location?.ToString().Contains("/signin?return=", StringComparison.Ordinal) == true ? HttpStatusCode.Unauthorized : response.StatusCode;
    }

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
