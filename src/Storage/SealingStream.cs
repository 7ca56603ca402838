using System.Security.Cryptography;
using Madang.Storage.Backup;

namespace Madang.Storage;

/// <summary>Encrypts what is written to it, chunk by chunk. Does not close the file below.</summary>
public sealed class SealingStream : Stream
{
    private readonly Stream file;
    private readonly AesGcm cipher;
    private readonly byte[] plain = new byte[SealedChunk.Plain];
    private readonly byte[] chunk = new byte[SealedChunk.Sealed];
    private int filled;
    private long number;

    internal SealingStream(Stream file, byte[] key) => (this.file, cipher) = (file, new AesGcm(key, SealedChunk.Tag));

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (filled == plain.Length)
            {
                // Only when more comes: the last chunk is marked, and never empty unless all is.
                Put(isLast: false);
            }

            var count = Math.Min(buffer.Length, plain.Length - filled);
            buffer[..count].CopyTo(plain.AsSpan(filled));
            filled += count;
            buffer = buffer[count..];
        }
    }

    /// <summary>Writes the last chunk.</summary>
    public void Complete() => Put(isLast: true);

    /// <summary>Does nothing: a chunk is written when it is full, and the last by <see cref="Complete"/>.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            cipher.Dispose();
            CryptographicOperations.ZeroMemory(plain);
        }

        base.Dispose(disposing);
    }

    private void Put(bool isLast)
    {
        SealedChunk.Seal(cipher, number++, isLast, plain.AsSpan(0, filled), chunk);
        file.Write(chunk.AsSpan(0, filled + SealedChunk.Tag));
        filled = 0;
    }
}
