using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Madang.Operations.Live;

/// <summary>Hands facts to <see cref="CityNow"/>: a memory, so that a fact that comes twice does no harm.</summary>
internal sealed class CityReaction(CityNow city) : IReaction<ObservationsStored>, IReaction<StationsChanged>, IReaction<SensorHealthChanged>, IReaction<PlacesChanged>, IReaction<AccessChanged>
{
    public Task React(ObservationsStored fact, CancellationToken cancel)
    {
        city.Take(fact);
        return Task.CompletedTask;
    }

    public Task React(StationsChanged fact, CancellationToken cancel)
    {
        city.TakeChange();
        return Task.CompletedTask;
    }

    public Task React(SensorHealthChanged fact, CancellationToken cancel)
    {
        city.Take(fact);
        return Task.CompletedTask;
    }

    public Task React(PlacesChanged fact, CancellationToken cancel)
    {
        city.TakeChange();
        return Task.CompletedTask;
    }

    /// <summary>Who brings Things in may have been hidden, or shown.</summary>
    public Task React(AccessChanged fact, CancellationToken cancel)
    {
        city.TakeChange();
        return Task.CompletedTask;
    }
}

/// <summary>
/// Computes the city when something changed, at most once in <see cref="Pause"/>: less than a second, so that a source which speaks every second never waits
/// for the next turn. A city so large that a turn takes long has fewer of them, so that they take a fifth of one processor at most.
/// </summary>
internal sealed partial class CityTicker(CityNow city, TimeProvider clock, ILogger<CityTicker> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(750), Longest = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await city.WaitForChange(Longest, stoppingToken);
                var began = clock.GetTimestamp();
                await city.Refresh(stoppingToken);
                var took = clock.GetElapsedTime(began) * 4;
                await Task.Delay(took > Pause ? took : Pause, clock, stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                RefreshFailed(log, exception);
                city.TakeChange();
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is so in the city could not be computed; trying again soon.")]
    private static partial void RefreshFailed(ILogger log, Exception exception);
}
