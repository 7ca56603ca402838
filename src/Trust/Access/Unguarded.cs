using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Access;

/// <summary>
/// Lets every request to one port through as one caller without asking anything. No setting leads here: the bench registers
/// it in a city of its own, to measure what authorisation costs.
/// </summary>
internal sealed class Unguarded(Caller everybody, int port)
{
    private readonly Asking asking = new(everybody, null, null, null);
    private RequestDelegate behind = _ => throw new InvalidOperationException("Nothing stands behind the guard yet.");

    /// <summary>Stands before everything that asks who calls.</summary>
    public RequestDelegate Before(RequestDelegate next) => context =>
    {
        if (context.Connection.LocalPort != port)
        {
            return next(context);
        }

        Caller.Enter(asking);
        return behind(context);
    };

    /// <summary>Stands after it.</summary>
    public RequestDelegate After(RequestDelegate next) => behind = next;
}
