using Madang.Operations.Cap;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>How it goes with the feeds of other agencies, for who may read alerts.</summary>
public sealed class CapFeedDesk
{
    private readonly FeedPuller puller;

    internal CapFeedDesk(FeedPuller puller) => this.puller = puller;

    /// <summary>The feeds that are looked at; none for who may not read alerts.</summary>
    public IReadOnlyList<CapFeedState> List() => Caller.Current.MaySomewhere(Act.Read, Kinds.Alert) ? puller.States : [];
}
