using System.Diagnostics.Metrics;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>What one counter counted since; other tests at the same time count too, so it is never less than one's own.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener listener = new();
    private long sum;

    public Counted(string name)
    {
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Name == name)
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref sum, value));
        listener.Start();
    }

    public long Sum => Interlocked.Read(ref sum);

    public void Dispose() => listener.Dispose();
}
