using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Madang.Bench;

/// <summary>A client that costs next to nothing: one socket, requests made beforehand, answers read to their end and no further.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer;

    /// <param name="url">The server.</param>
    /// <param name="shared">Where answers are read to, when many clients take turns; else each has its own.</param>
    public RawClient(Uri url, byte[]? shared = null)
    {
        buffer = shared ?? new byte[1 << 20];
        socket.Connect(url.Host, url.Port);
    }

    public static byte[] Post(Uri url, string path, ReadOnlySpan<byte> body, string? key = null, string type = "application/json") =>
        [.. Head("POST", url, path, key, string.Create(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n")), .. body];

    public static byte[] Get(Uri url, string path, string? key = null) => Head("GET", url, path, key, "");

    /// <summary>Sends one request and answers the status when the answer is whole.</summary>
    public async Task<int> Send(ReadOnlyMemory<byte> request)
    {
        for (var sent = 0; sent < request.Length;)
        {
            sent += await socket.SendAsync(request[sent..]);
        }

        long left = -1;
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("the server closed the connection");
            }

            length += read;
            left = left >= 0 ? left - read : Left(buffer.AsSpan(0, length));
            if (left == 0 || (left < 0 && IsLastChunk(buffer.AsSpan(0, length))))
            {
                return int.Parse(Encoding.ASCII.GetString(buffer, 9, 3), CultureInfo.InvariantCulture);
            }

            if (length > buffer.Length / 2)
            {
                // Of a long answer only the head and the end matter.
                buffer.AsSpan(length - 16, 16).CopyTo(buffer.AsSpan(4096));
                length = 4096 + 16;
            }
        }
    }

    public void Dispose() => socket.Dispose();

    private static byte[] Head(string method, Uri url, string path, string? key, string more) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {url.Authority}\r\n{(key is null ? "" : $"Authorization: Bearer {key}\r\n")}{more}\r\n");

    /// <summary>How many bytes of the answer are still to come; −1 where its head does not say, or is not whole.</summary>
    private static long Left(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        var at = head < 0 ? -1 : answer[..head].IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return -1;
        }

        var digits = answer[(at + 16)..head];
        var end = digits.IndexOf((byte)'\r');
        return head + 4 + long.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture) - answer.Length;
    }

    private static bool IsLastChunk(ReadOnlySpan<byte> answer) => answer.IndexOf("\r\n\r\n"u8) >= 0 && answer.EndsWith("0\r\n\r\n"u8);
}
