using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Trust.Door;

/// <summary>Before what is hard to undo, whoever signed in proves again who it is; a program with a key has no screen to do it on.</summary>
internal static class FreshProof
{
    public static ValueTask<object?> Check(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // What everybody may is not dangerous to give.
        if (context.Arguments.Select(RoleIn).OfType<string>().All(role => role != Role.Everybodys))
        {
            Demand(context.HttpContext);
        }

        return next(context);
    }

    public static CityRuleException Needed() => new("proof-needed", "Prove again who you are at /account/again, and send this within five minutes.", 403);

    private static string? RoleIn(object? argument) => argument switch
    {
        DepartmentRoutes.GrantBody grant => grant.Role ?? "",
        PeopleRoutes.InviteBody invitation => invitation.Role ?? "",
        _ => null,
    };

    private static void Demand(HttpContext context)
    {
        if (SignedIn.Of(context.User) is { } me && !me.IsFresh(context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()))
        {
            throw Needed();
        }
    }
}
