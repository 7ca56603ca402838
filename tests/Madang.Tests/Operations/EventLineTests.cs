using Madang.Operations.Door;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Madang.Tests.Operations;

public sealed class EventLineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_goes_out_whole_in_pieces()
    {
        var taken = new MemoryStream();
        var event_ = Enumerable.Range(0, 100_000).Select(number => (byte)number).ToArray();

        Assert.True(await new EventLine(To(taken, new Lifetime()), TimeProvider.System).Send(event_, Cancel));

        Assert.Equal(event_, taken.ToArray());
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_is_let_go_when_patience_ends()
    {
        var lifetime = new Lifetime();

        Assert.False(await new EventLine(To(new Stuck(), lifetime), new Hasty()).Send(new byte[100_000], Cancel));

        Assert.True(lifetime.Aborted);
    }

    private static DefaultHttpContext To(Stream body, Lifetime lifetime)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        return context;
    }

    /// <summary>Every wait is over at once.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    private sealed class Stuck : MemoryStream
    {
        private readonly TaskCompletionSource never = new();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(never.Task);
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool Aborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborted = true;
    }
}
