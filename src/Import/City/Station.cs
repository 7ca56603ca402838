using Madang.Kernel;

namespace Madang.Import.City;

/// <summary>A Thing of the city with its Datastreams by measure.</summary>
internal sealed record Station(long Thing)
{
    public Dictionary<string, Stream> Streams { get; } = [];
}

/// <summary>A Datastream and the stretch of time it has Observations in; none when <c>First</c> is null.</summary>
internal sealed class Stream(long id, TimeInterval? held)
{
    public long Id { get; } = id;

    private DateTimeOffset? first = held?.Start, last = held?.End ?? held?.Start;

    /// <summary>False when nothing can be stored in this stretch, so that nobody needs to ask.</summary>
    public bool MayHold(DateTimeOffset from, DateTimeOffset to) => first <= to && last >= from;

    public void Extend(DateTimeOffset from, DateTimeOffset to)
    {
        first = first < from ? first : from;
        last = last > to ? last : to;
    }
}
