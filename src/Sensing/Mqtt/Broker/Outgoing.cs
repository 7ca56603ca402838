using System.Buffers;
using System.IO.Pipelines;
using Madang.Sensing.Mqtt.Packets;

namespace Madang.Sensing.Mqtt.Broker;

/// <summary>
/// What goes out on one connection, from whichever thread: answers first, then the session's messages, as fast as the other
/// side reads. Nothing runs and nothing is held while there is nothing to say.
/// </summary>
internal sealed class Outgoing(PipeWriter writer) : IThreadPoolWorkItem
{
    private const int AtOnce = 64 * 1024, Crowd = 256 * 1024;

    private readonly Lock gate = new();
    private ArrayBufferWriter<byte>? answers;
    private TaskCompletionSource? finished;
    private bool isRunning, isAsked, isClosed;

    public MqttVersion Version { get; set; } = MqttVersion.V311;

    /// <summary>Whose messages are sent; null before the client is known.</summary>
    public Session? Source { get; set; }

    /// <summary>True while so many answers wait that nothing more should be asked.</summary>
    public bool IsCrowded
    {
        get
        {
            lock (gate)
            {
                return answers?.WrittenCount > Crowd && !isClosed;
            }
        }
    }

    public void Send(Packet packet)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                PacketWriter.Write(answers ??= new ArrayBufferWriter<byte>(128), packet, Version);
            }
        }

        Wake();
    }

    /// <summary>An acknowledgement that says nothing but yes.</summary>
    public void Acknowledge(PacketKind kind, ushort id)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                PacketWriter.WriteShortAck(answers ??= new ArrayBufferWriter<byte>(128), kind, id);
            }
        }

        Wake();
    }

    /// <summary>There may be something to send.</summary>
    public void Wake()
    {
        lock (gate)
        {
            isAsked = true;
            if (isRunning || isClosed)
            {
                return;
            }

            isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Returns when all that was to be said has left, or cannot.</summary>
    public Task Finish()
    {
        lock (gate)
        {
            return isClosed || !isRunning ? Task.CompletedTask : (finished ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            answers = null;
            finished?.TrySetResult();
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = Run();

    private async Task Run()
    {
        try
        {
            while (true)
            {
                var wrote = WriteAnswers();
                wrote |= Source?.WriteTo(writer, Version, AtOnce) == true;
                if (wrote)
                {
                    if ((await writer.FlushAsync()) is { IsCompleted: true } or { IsCanceled: true })
                    {
                        Close();
                        return;
                    }
                }
                else if (Rest())
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException or ObjectDisposedException or System.Net.WebSockets.WebSocketException)
        {
            // The other side is gone, as whoever reads from it hears too and tells.
            Close();
        }
    }

    private bool WriteAnswers()
    {
        ArrayBufferWriter<byte>? mine;
        lock (gate)
        {
            (mine, answers, isAsked) = (answers, null, false);
        }

        if (mine is null || mine.WrittenCount == 0)
        {
            return false;
        }

        writer.Write(mine.WrittenSpan);
        return true;
    }

    private bool Rest()
    {
        lock (gate)
        {
            if (isAsked && !isClosed)
            {
                return false;
            }

            isRunning = false;
            finished?.TrySetResult();
            finished = null;
            return true;
        }
    }
}
