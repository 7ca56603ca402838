using System.Security.Claims;
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
        : user.Identity is { IsAuthenticated: true } && user.FindFirst(Person)?.Value is { Length: > 0 } person ? callers.FindPerson(person)
        : callers.Public;

    /// <summary>Lets a request in: counts it against its key or account, and names its caller. Every request passes here, so none is taken for the one before it.</summary>
    public void Enter(HttpContext context)
    {
        if (context.User.Identity is CallerIdentity { Use: { } use })
        {
            use.Take(context.Response);
        }

        var caller = Find(context.User);
        if (caller.Kind == CallerKind.Person)
        {
            limits.TakeAccount(caller.Id[PersonPrefix.Length..], context.Response);
        }

        var request = context.Request;
        Caller.Enter(new Asking(caller, context.Connection.RemoteIpAddress, HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? request.Path.Value : null));
    }
}
