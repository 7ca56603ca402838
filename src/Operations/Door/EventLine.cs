using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Madang.Operations.Door;

/// <summary>
/// The line to one viewer. Events go out in pieces, each handed over before the next, so that what is on its way to a slow
/// viewer is a few pieces and never a whole snapshot of its own.
/// </summary>
internal sealed class EventLine(HttpContext context, TimeProvider clock)
{
    private const int Piece = 16 << 10;

    /// <summary>A viewer that does not take a piece for so long is let go; its browser comes back by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PipeWriter writer = context.Response.BodyWriter;

    /// <summary>False when the viewer has gone, or takes nothing and was let go.</summary>
    public async ValueTask<bool> Send(ReadOnlyMemory<byte> text, CancellationToken cancel)
    {
        while (!text.IsEmpty)
        {
            var piece = text[..Math.Min(Piece, text.Length)];
            text = text[piece.Length..];
            var sending = writer.WriteAsync(piece, cancel);
            if (!(sending.IsCompletedSuccessfully ? !sending.Result.IsCompleted : await Wait(sending, cancel)))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> Wait(ValueTask<FlushResult> sending, CancellationToken cancel)
    {
        try
        {
            return !(await sending.AsTask().WaitAsync(Patience, clock, cancel)).IsCompleted;
        }
        catch (TimeoutException)
        {
            context.Abort();
            return false;
        }
    }
}
