namespace Madang.Sensing.Mqtt.Broker;

/// <summary>The client's own messages, so that one that comes again is known.</summary>
internal sealed partial class Session
{
    private readonly Dictionary<ushort, long> received = [];
    private readonly Dictionary<ushort, int> remembered = [];
    private readonly Queue<ushort> rememberedInOrder = [];
    private long turns;

    /// <summary>
    /// A message of QoS 2 begins, or comes again before it was released: its key is then the same, by which the store knows it
    /// (4.3.3).
    /// </summary>
    public string KeyOfReceived(ushort id)
    {
        lock (gate)
        {
            if (!received.TryGetValue(id, out var turn))
            {
                received.Add(id, turn = ++turns);
            }

            return FormattableString.Invariant($"mqtt {Instance:N} {id} {turn}");
        }
    }

    /// <summary>The client will not send it again; false when it was not known.</summary>
    public bool ReleaseReceived(ushort id)
    {
        lock (gate)
        {
            return received.Remove(id);
        }
    }

    /// <summary>A message of QoS 1 was stored. Whether its acknowledgement arrived is not known, so it is remembered for a while.</summary>
    public void Remember(ushort id, int mark)
    {
        lock (gate)
        {
            if (!remembered.ContainsKey(id))
            {
                rememberedInOrder.Enqueue(id);
            }

            remembered[id] = mark;
            if (rememberedInOrder.Count > limits.ReceiveMaximum)
            {
                remembered.Remove(rememberedInOrder.Dequeue());
            }
        }
    }

    /// <summary>True when a message that says it comes again was stored when it came first; it is asked about once.</summary>
    public bool WasStored(ushort id, int mark)
    {
        lock (gate)
        {
            return remembered.TryGetValue(id, out var known) && known == mark;
        }
    }
}
