using Madang.Trust.Access;

namespace Madang.Trust;

/// <summary>The city itself at work: what it does by itself because people who might do so decided before that it should. In the record it is <see cref="RecordEntry.Local"/>.</summary>
public sealed class CityAtWork
{
    private readonly HouseKeeper keeper;

    internal CityAtWork(HouseKeeper keeper) => this.keeper = keeper;

    /// <summary>The provider of a code that works today; null when there is none.</summary>
    public long? FindProvider(string code) => keeper.House.Providers.Values.FirstOrDefault(provider => provider.Code == code && provider.ClosedAt is null)?.Id;

    /// <summary>Does some work as the city, which may do this one act to this one kind of thing; who asks before and after is who asked.</summary>
    /// <param name="act">What it may do.</param>
    /// <param name="kind">To which kind of things.</param>
    /// <param name="purpose">What for, as the record tells it.</param>
    /// <param name="work">What is done.</param>
    /// <param name="provider">In whose name, when it is not the city's own.</param>
    public async Task<T> Do<T>(Act act, string kind, string purpose, Func<Task<T>> work, long? provider = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        // Who asks goes with what is awaited, and not back to who awaits this.
        Caller.Enter(new Asking(new Caller(CallerKind.Local, RecordEntry.Local, keeper.House, [new Permission(act, kind, null, provider, "city", purpose)], provider), null, null, null));
        return await work();
    }
}
