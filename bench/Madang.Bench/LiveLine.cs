using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Madang.Bench;

/// <summary>One viewer of <c>/live/city</c> over a bare socket: it costs next to nothing, and notes when each event was whole.</summary>
internal sealed class LiveLine(Uri url) : IDisposable
{
    /// <summary>As much of a line as matters; <c>receivedAt</c> stands near the beginning of the data.</summary>
    private const int Kept = 400;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] buffer = new byte[16 << 10];
    private readonly byte[] line = new byte[Kept];
    private int length;
    private string kind = "";
    private string id = "";
    private DateTimeOffset? received;

    /// <summary>The events that changed something: the timestamp and the time of their arrival, and when the server received the newest reading in them.</summary>
    public List<(string Id, long At, DateTimeOffset Wall, DateTimeOffset? Received)> Changes { get; } = [];

    public long Bytes { get; private set; }

    /// <summary>True when it has had its first event.</summary>
    public bool Opened { get; private set; }

    /// <summary>Reads until it is told to stop; a line that the server ends is a failure.</summary>
    public async Task Watch(CancellationToken cancel)
    {
        await socket.ConnectAsync(url.Host, url.Port, cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /live/city HTTP/1.1\r\nHost: {url.Authority}\r\nAccept: text/event-stream\r\n\r\n"), cancel);
        try
        {
            while (await socket.ReceiveAsync(buffer, cancel) is > 0 and var read)
            {
                Bytes += read;
                Take(buffer.AsSpan(0, read));
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        throw new IOException("the server ended a live line");
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Lines end with LF alone; what ends with CR LF is HTTP's own (headers, sizes of chunks) and says nothing here.</summary>
    private void Take(ReadOnlySpan<byte> read)
    {
        while (!read.IsEmpty)
        {
            var end = read.IndexOf((byte)'\n');
            var part = end < 0 ? read : read[..end];
            var kept = part[..Math.Min(part.Length, Kept - length)];
            kept.CopyTo(line.AsSpan(length));
            length += kept.Length;
            if (end < 0)
            {
                return;
            }

            Judge(line.AsSpan(0, length));
            length = 0;
            read = read[(end + 1)..];
        }
    }

    private void Judge(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("event: "u8))
        {
            kind = Encoding.UTF8.GetString(text["event: ".Length..]);
        }
        else if (text.StartsWith("id: "u8))
        {
            id = Encoding.UTF8.GetString(text["id: ".Length..]);
        }
        else if (text.StartsWith("data: "u8))
        {
            received = ReceivedAt(text);
        }
        else if (text.IsEmpty)
        {
            Opened = true;
            if (kind == "change")
            {
                Changes.Add((id, Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow(), received));
            }

            kind = "";
        }
    }

    private static DateTimeOffset? ReceivedAt(ReadOnlySpan<byte> data)
    {
        var from = data.IndexOf("\"receivedAt\":\""u8);
        if (from < 0)
        {
            return null;
        }

        var rest = data[(from + "\"receivedAt\":\"".Length)..];
        var end = rest.IndexOf((byte)'"');
        return end < 0 ? null : DateTimeOffset.Parse(Encoding.UTF8.GetString(rest[..end]), CultureInfo.InvariantCulture);
    }
}
