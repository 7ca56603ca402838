using Madang.Trust;

namespace Madang.Server.Hosting;

/// <summary>
/// The one layer that waits for the answer: an exception becomes a problem, and so does an answer that is only a status.
/// Every layer that waits costs a suspended request its share, so the others hand on what they get.
/// </summary>
internal sealed class Failures(RequestDelegate next, ProblemHandler problems, SecurityHeaders headers, Sightings sightings)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // Who asked too often is told what is left, as with every other answer.
            var (policy, left) = (context.Response.Headers["RateLimit-Policy"], context.Response.Headers["RateLimit"]);
            context.Response.Clear();
            headers.Set(context);
            (context.Response.Headers["RateLimit-Policy"], context.Response.Headers["RateLimit"]) = (policy, left);
            await problems.Answer(context, exception);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the rest of the answer.
            return;
        }

        if (context.Response.StatusCode is 401 or 403 or 429)
        {
            sightings.Refused(context);
        }

        if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
        {
            await Problems.WriteForStatus(context);
        }
    }
}
