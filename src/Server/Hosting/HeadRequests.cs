using Microsoft.AspNetCore.Http.Features;

namespace Madang.Server.Hosting;

/// <summary>Answers HEAD wherever GET is answered: the same headers, no body (RFC 9110, 9.3.2).</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => HttpMethods.IsHead(context.Request.Method) ? WithoutBody(context) : next(context);

    private async Task WithoutBody(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var aborted = context.RequestAborted;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        context.Request.Method = HttpMethods.Get;
        context.RequestAborted = ending.Token;
        context.Features.Set<IHttpResponseBodyFeature>(new NoBody(ending));
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // The headers of a stream are all that was asked for.
        }
        finally
        {
            context.Features.Set(body);
            context.RequestAborted = aborted;
            context.Request.Method = HttpMethods.Head;
        }
    }

    /// <summary>Takes every body and keeps none. A stream, which asks not to be buffered, has its headers by then and would not end by itself: it is ended.</summary>
    private sealed class NoBody(CancellationTokenSource ending) : StreamResponseBodyFeature(Stream.Null)
    {
        public override void DisableBuffering() => ending.Cancel();
    }
}
