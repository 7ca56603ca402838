using System.Security.Cryptography;
using Madang.Kernel;

namespace Madang.Storage.Backup;

/// <summary>Reads a sealed file, one verified chunk after the other. One chunk is read ahead, to know the last.</summary>
internal sealed class OpeningStream : Stream
{
    /// <summary>To tell a chunk in the wrong place from a changed one, so many places before and behind it are tried: 2 GiB each, which takes a second.</summary>
    private const long MostPlaces = 1 << 15;

    private readonly Stream file;
    private readonly AesGcm cipher;
    private readonly byte[] plain = new byte[SealedChunk.Plain];
    private byte[] chunk = new byte[SealedChunk.Sealed];
    private byte[] ahead = new byte[SealedChunk.Sealed];
    private int aheadLength;
    private int filled;
    private int given;
    private long number = -1;
    private bool isEnd;

    public OpeningStream(Stream file, byte[] key)
    {
        (this.file, cipher) = (file, new AesGcm(key, SealedChunk.Tag));
        aheadLength = file.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        while (given == filled && !isEnd)
        {
            Next();
        }

        var count = Math.Min(buffer.Length, filled - given);
        plain.AsSpan(given, count).CopyTo(buffer);
        given += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }

        base.Dispose(disposing);
    }

    private void Next()
    {
        (chunk, ahead) = (ahead, chunk);
        var length = aheadLength;
        aheadLength = length == chunk.Length ? file.ReadAtLeast(ahead, ahead.Length, throwOnEndOfStream: false) : 0;
        number++;
        isEnd = aheadLength == 0;
        (given, filled) = (0, 0);
        if (!SealedChunk.TryOpen(cipher, number, isEnd, chunk.AsSpan(0, length), plain))
        {
            throw new InvalidInputException("--from", $"the file {Explain(chunk.AsSpan(0, length))}");
        }

        filled = length - SealedChunk.Tag;
    }

    /// <summary>Why a chunk cannot be opened where it stands.</summary>
    private string Explain(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || SealedChunk.TryOpen(cipher, number, !isEnd, bytes, plain))
        {
            return isEnd ? $"is cut off behind chunk {number + (bytes.IsEmpty ? 0 : 1)}: its end is missing" : $"goes on behind its end (chunk {number + 1})";
        }

        for (var place = Math.Max(0, number - MostPlaces); place < number + MostPlaces; place++)
        {
            if (SealedChunk.TryOpen(cipher, place, false, bytes, plain) || SealedChunk.TryOpen(cipher, place, true, bytes, plain))
            {
                return $"was reordered: at chunk {number + 1} stands chunk {place + 1}";
            }
        }

        return isEnd ? $"was changed in its last chunk ({number + 1}), or cut off in it" : $"was changed in chunk {number + 1}";
    }
}
