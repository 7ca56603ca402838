using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Access;

/// <summary>Marks routes that devices and programs call thousands of times a second: with a key there are no cookies and no forms, and a handful of callers.</summary>
internal sealed class ForDevices;

/// <summary>
/// Lets a known caller straight through to a route <see cref="ForDevices"/> when he meets every policy it names. The
/// decision is ASP.NET's own, remembered; whoever is not let through here goes the long way and is judged there.
/// </summary>
internal sealed class DeviceGate(RequestDelegate next, Callers callers, Reception reception, IAuthorizationService authorization)
{
    private readonly ConditionalWeakTable<Endpoint, string[]> policies = [];

    /// <summary>By caller, who is another object when the house changed; then the old one's decisions go with him.</summary>
    private readonly ConditionalWeakTable<ClaimsPrincipal, ConcurrentDictionary<string, bool>> decisions = [];

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { RequestDelegate: { } route } endpoint
            && endpoint.Metadata.GetMetadata<ForDevices>() is not null
            && callers.Find(context.Request) is { Succeeded: true, Principal: { } caller }
            && MayPass(caller, endpoint))
        {
            context.User = caller;
            reception.Enter(context);
            return route(context);
        }

        return next(context);
    }

    private bool MayPass(ClaimsPrincipal caller, Endpoint endpoint)
    {
        var named = policies.GetValue(endpoint, PoliciesOf);
        var known = decisions.GetOrCreateValue(caller);
        foreach (var policy in named)
        {
            if (!known.GetOrAdd(policy, Decide, (caller, authorization)))
            {
                return false;
            }
        }

        return named.Length > 0;
    }

    /// <summary>The policies of a route; none when it asks for anything that is not a policy's name.</summary>
    private static string[] PoliciesOf(Endpoint endpoint)
    {
        var asked = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>();
        return asked.All(data => data is { Policy: not null, Roles: null, AuthenticationSchemes: null }) ? [.. asked.Select(data => data.Policy!)] : [];
    }

    private static bool Decide(string policy, (ClaimsPrincipal Caller, IAuthorizationService Authorization) by) =>
        by.Authorization.AuthorizeAsync(by.Caller, policy).GetAwaiter().GetResult().Succeeded;
}
