using System.Formats.Tar;
using System.Globalization;

namespace Madang.Trust.Backup;

/// <summary>
/// The inside of a backup: a tar stream. The store has no length before it was read, so it is cut into parts of 8 MiB:
/// <c>store/00000000</c> and so on.
/// </summary>
internal sealed class BackupTar(Stream target, DateTimeOffset made) : IDisposable
{
    private const int PartLength = 8 * 1024 * 1024;

    private readonly TarWriter tar = new(target, TarEntryFormat.Pax, leaveOpen: true);

    public void Add(string name, byte[] bytes) => Add(name, new MemoryStream(bytes, writable: false));

    /// <summary>Adds what is written to the stream that <paramref name="write"/> is given, in parts.</summary>
    public async Task AddParts(string folder, Func<Stream, Task> write)
    {
        using var parts = new Parts(this, folder);
        await write(parts);
        parts.Complete();
    }

    public void Dispose() => tar.Dispose();

    private void Add(string name, MemoryStream bytes) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = bytes, ModificationTime = made, Mode = Madang.Storage.OwnersFiles.File });

    private sealed class Parts(BackupTar tar, string folder) : Stream
    {
        private readonly byte[] part = new byte[PartLength];
        private int filled;
        private int number;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var count = Math.Min(buffer.Length, part.Length - filled);
                buffer[..count].CopyTo(part.AsSpan(filled));
                filled += count;
                buffer = buffer[count..];
                if (filled == part.Length)
                {
                    Complete();
                }
            }
        }

        public void Complete()
        {
            if (filled > 0)
            {
                tar.Add(folder + number++.ToString("00000000", CultureInfo.InvariantCulture), new MemoryStream(part, 0, filled, writable: false));
                filled = 0;
            }
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
