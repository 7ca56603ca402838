using Microsoft.AspNetCore.Authorization;

namespace Madang.Trust.Access;

/// <summary>What a route asks of its caller: an act on a kind of thing, somewhere; without an act, that he is a person who signed in.</summary>
internal sealed record Need(Act? Act, string Kind) : IAuthorizationRequirement
{
    public bool IsMetBy(Caller caller) => Act is { } act ? caller.MaySomewhere(act, Kind) : caller.Kind == CallerKind.Person;
}

/// <summary>Asks the caller of a request, and so the one policy engine.</summary>
internal sealed class NeedHandler(Reception reception) : AuthorizationHandler<Need>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, Need requirement)
    {
        if (requirement.IsMetBy(reception.Find(context.User)))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
