using System.Security.Claims;
using Madang.Kernel;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Access;

/// <summary>Makes the one who sends a request the <see cref="Caller.Current"/> of all that is done for it.</summary>
internal sealed class Reception(Callers callers, Limits limits)
{
    /// <summary>The claim that names a person who signed in.</summary>
    public const string Person = "sub";

    private const string PersonPrefix = "person:";

    /// <summary>The caller behind a principal.</summary>
    public Caller Find(ClaimsPrincipal user) =>
        user.Identity is CallerIdentity known ? known.Caller
        : user.Identity is { IsAuthenticated: true } && user.FindFirst(Person)?.Value is { Length: > 0 } person ? callers.FindPerson(person, user.HasClaim(claim => claim.Type == SignedIn.TwoFactors))
        : callers.Public;

    /// <summary>True when somebody shows a key that is none, or none any more: he would take what the public sees for what he may see.</summary>
    public static bool IsWrongKey(HttpContext context) =>
        context.User.Identity is not { IsAuthenticated: true } && context.Request.Headers.Authorization.ToString().StartsWith(Callers.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Lets a request in: counts it against its key or account, and names its caller. Every request passes here, so none is taken for the one before it.</summary>
    public void Enter(HttpContext context)
    {
        var caller = Find(context.User);
        if (context.User.Identity is CallerIdentity known)
        {
            known.Use?.Take(context.Response);
        }
        else if (caller.Kind == CallerKind.Person)
        {
            // What another site sends is refused before it costs the account anything.
            Welcome(context, caller);
            limits.TakeAccount(caller.Id[PersonPrefix.Length..], context.Response);
        }

        var request = context.Request;
        Caller.Enter(new Asking(caller, context.Connection.RemoteIpAddress, HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? request.Path.Value : null, context.TraceIdentifier));
    }

    /// <summary>
    /// A session comes with its cookie, also when another site sends the request: that one is refused. And what a person gets
    /// who is signed in may be more than the public gets, so that no cache between keeps it.
    /// </summary>
    private static void Welcome(HttpContext context, Caller caller)
    {
        context.Features.Set(caller);
        if (IsReading(context.Request.Method))
        {
            context.Response.OnStarting(KeepPrivate, context.Response);
        }
        else if (context.GetEndpoint()?.Metadata.GetMetadata<OwnSite.FormsChecked>() is null && !OwnSite.Sent(context.Request))
        {
            throw new CityRuleException("cross-site", "Another site sent this with your session. Send it from a page of this city, or with a key.", 403);
        }
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>What says that it may not be kept, or is the same for everybody (the pages' own files), stays as it is.</summary>
    private static Task KeepPrivate(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        var said = headers.CacheControl.ToString();
        if (said.Length == 0)
        {
            headers.CacheControl = "private";
        }
        else if (!Says(said, "no-store") && !Says(said, "private") && !Says(said, "public"))
        {
            headers.CacheControl = "private, " + said;
        }

        return Task.CompletedTask;
    }

    private static bool Says(string header, string word) => header.Contains(word, StringComparison.OrdinalIgnoreCase);
}
