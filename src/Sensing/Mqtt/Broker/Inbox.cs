using Madang.Kernel;
using Madang.Sensing.Entities;
using Madang.Sensing.Ingest;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>
/// The messages of one connection on their way into the store. What came together is stored together, groups beside one
/// another; acknowledgements go out after the commit and in the order of the messages (4.6). While the store takes nothing
/// they are held, tried again, and nothing more is read from the connection.
/// </summary>
internal sealed class Inbox(IngestQueue queue, Outgoing outgoing, Refusals refusals, int window, Func<Session?> owner, CancellationToken closed)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Queue<Group> groups = [];
    private TaskCompletionSource? room;
    private Group? open;
    private bool isAnswering, isClosed;
    private int pending, held;

    /// <summary>How many messages wait for their acknowledgement.</summary>
    public int Pending => Volatile.Read(ref pending);

    /// <summary>True when nothing more is to be read until something has been acknowledged.</summary>
    public bool IsFull => Volatile.Read(ref pending) >= window || Volatile.Read(ref held) > 0;

    /// <param name="id">The message's identifier; 0 with QoS 0.</param>
    /// <param name="qos">Its quality of service.</param>
    /// <param name="observations">What it holds.</param>
    /// <param name="mark">What it is known by when it comes again; null when nobody will ask.</param>
    public void Add(ushort id, byte qos, ReadOnlySpan<NewObservation> observations, int? mark)
    {
        open ??= new Group();
        open.Messages.Add(new Incoming(id, qos, open.Observations.Count, observations.Length) { Mark = mark });
        open.Observations.AddRange(observations);
        Interlocked.Increment(ref pending);
    }

    public void Add(ushort id, byte qos, Verdict known)
    {
        open ??= new Group();
        open.Messages.Add(new Incoming(id, qos, 0, 0, known));
        Interlocked.Increment(ref pending);
    }

    /// <summary>Something that is no Observation; it is created when what came before it has been begun.</summary>
    public void Add(ushort id, byte qos, Func<Task<Verdict>> create, int? mark)
    {
        Submit();
        Interlocked.Increment(ref pending);
        Enqueue(new Group { Messages = { new Incoming(id, qos, 0, 0) { Mark = mark } }, Creating = Retried(create) });
    }

    /// <summary>One message by a key of its own, by which it is known again when it comes once more.</summary>
    public void Add(ushort id, byte qos, ReadOnlySpan<NewObservation> observations, IdempotencyKey key)
    {
        Submit();
        Interlocked.Increment(ref pending);
        var group = new Group { Messages = { new Incoming(id, qos, 0, observations.Length) } };
        group.Observations.AddRange(observations);
        group.Storing = Retried(() => queue.Store(group.Observations, key));
        Enqueue(group);
    }

    /// <summary>Sends what was gathered on its way.</summary>
    public void Submit()
    {
        if (open is not { } group)
        {
            return;
        }

        open = null;
        if (group.Observations.Count > 0)
        {
            group.Storing = Retried(() => queue.Store(group.Observations, null));
        }

        Enqueue(group);
    }

    /// <summary>Returns when there is room again.</summary>
    public Task Room()
    {
        lock (gate)
        {
            return IsFull && !isClosed ? (room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
        }

        Free();
    }

    private void Enqueue(Group group)
    {
        lock (gate)
        {
            groups.Enqueue(group);
            if (isAnswering)
            {
                return;
            }

            isAnswering = true;
        }

        _ = Answer();
    }

    /// <summary>Answers group after group; runs only while there is one.</summary>
    private async Task Answer()
    {
        while (true)
        {
            Group group;
            lock (gate)
            {
                if (!groups.TryDequeue(out group!))
                {
                    isAnswering = false;
                    return;
                }
            }

            await Answer(group);
            Interlocked.Add(ref pending, -group.Messages.Count);
            Free();
        }
    }

    private async Task Answer(Group group)
    {
        Outcome[]? outcomes = null;
        Verdict? created = null;
        try
        {
            outcomes = group.Storing is null ? null : await group.Storing;
            created = group.Creating is null ? null : await group.Creating;
        }
        catch (OperationCanceledException)
        {
            // The connection ended before the store took it: without an acknowledgement the client sends it again.
            return;
        }
        catch (Exception exception)
        {
            created = refusals.Failed(exception);
        }

        foreach (var message in group.Messages)
        {
            var verdict = message.Known ?? (outcomes is null ? created!.Value : VerdictOf(outcomes.AsSpan(message.First, message.Count)));
            Acknowledge(message, verdict);
        }
    }

    private static Verdict VerdictOf(ReadOnlySpan<Outcome> outcomes)
    {
        for (var index = 0; index < outcomes.Length; index++)
        {
            if (outcomes[index].Refusal is { } refusal)
            {
                var where = outcomes.Length == 1 ? "" : Place(outcomes, index);
                return refusal.Reason == Refusal.NotTheirs
                    ? new Verdict(Reason.NotAuthorized, where + Ownership.Forbidden().Message)
                    : new Verdict(refusal.Field is "Datastream" or "MultiDatastream" ? Reason.TopicNameInvalid : Reason.PayloadFormatInvalid, $"{where}{refusal.Field}: {refusal.Reason}");
            }
        }

        return new Verdict(Reason.Success);
    }

    /// <summary>Which of the Observations of a message is the first that was refused, and how many others were.</summary>
    private static string Place(ReadOnlySpan<Outcome> outcomes, int first)
    {
        var refused = 0;
        foreach (var outcome in outcomes)
        {
            refused += outcome.Refusal is null ? 0 : 1;
        }

        return FormattableString.Invariant($"{refused} of {outcomes.Length} Observations were refused and the others are stored; the first refused is number {first + 1}. ");
    }

    private void Acknowledge(Incoming message, Verdict verdict)
    {
        var session = owner();
        if (verdict.IsStored)
        {
            MqttMeters.Stored.Add(1);
        }
        else
        {
            refusals.Count(verdict, session);
        }

        if (message.Qos == 0)
        {
            return;
        }

        var kind = message.Qos == 1 ? PacketKind.PubAck : PacketKind.PubRec;
        if (message.Qos == 2 && !verdict.IsStored && outgoing.Version == MqttVersion.V5)
        {
            // With an error the identifier is free at once (5.0, 4.3.3).
            session?.ReleaseReceived(message.Id);
        }
        else if (message.Mark is { } mark && verdict.IsStored)
        {
            session?.Remember(message.Id, mark);
        }

        if (verdict.IsStored || outgoing.Version == MqttVersion.V311)
        {
            // 3.1.1 knows no other answer; without one the device would send the same for ever.
            outgoing.Acknowledge(kind, message.Id);
            return;
        }

        outgoing.Send(new AckPacket(kind, message.Id, verdict.Reason) { Properties = Refusals.Explain(verdict, session) });
    }

    /// <summary>Tries again for as long as the connection stands while the store cannot take it: full, stopped, disk full.</summary>
    private async Task<T> Retried<T>(Func<Task<T>> store)
    {
        var isHeld = false;
        try
        {
            while (true)
            {
                TimeSpan pause;
                try
                {
                    Enter();
                    return await store();
                }
                catch (Exception exception) when (exception is UnavailableException or TimeoutException || StorageModule.IsOutage(exception))
                {
                    Interlocked.Add(ref held, isHeld ? 0 : 1);
                    isHeld = true;
                    pause = exception is UnavailableException busy && busy.RetryAfter < LongestPause ? busy.RetryAfter : LongestPause;
                    refusals.Held(exception);
                }

                await Task.Delay(pause, closed);
            }
        }
        finally
        {
            Interlocked.Add(ref held, isHeld ? -1 : 0);
        }
    }

    /// <summary>What is stored is stored in the name of the client, as he stands now.</summary>
    private void Enter()
    {
        var standing = owner()!.Standing;
        standing.Enter(standing.Now ?? Caller.Nobody, null);
    }

    private void Free()
    {
        TaskCompletionSource? waiting;
        lock (gate)
        {
            if (IsFull && !isClosed)
            {
                return;
            }

            (waiting, room) = (room, null);
        }

        waiting?.TrySetResult();
    }
}
