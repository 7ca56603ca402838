using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Access;

/// <summary>
/// Lets every request through as one caller without asking anything. No setting leads here: the bench registers it in a city
/// of its own, to measure what authorisation costs.
/// </summary>
internal sealed class Unguarded(Caller everybody)
{
    private readonly Asking asking = new(everybody, null, null, null);

    public RequestDelegate Before(RequestDelegate next) => context =>
    {
        Caller.Enter(asking);
        return next(context);
    };
}
