using System.Security.Cryptography;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Tests.Storage;

/// <summary>The container of a backup: what was put in comes out, and whatever was done to the file is named.</summary>
public sealed class SealedFileTests : IDisposable
{
    private const int Header = 92, Chunk = (64 * 1024) + 16;

    private static readonly BackupKey Passphrase = BackupKey.OfPassphrase("correct horse battery", "test");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("madang-seal-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public void What_was_put_in_comes_out_and_looks_like_nothing_outside(int length)
    {
        var (key, content) = (Key("k"), RandomNumberGenerator.GetBytes(length));
        var sealedOnce = Seal(key, content);

        Assert.Equal(content, Open(key, sealedOnce));
        Assert.Equal(Header + length + (16 * Math.Max(1, (length + 65_535) / 65_536)), sealedOnce.Length);
        // Each file has keys of its own: nobody sees that two hold the same.
        Assert.NotEqual(sealedOnce[Header..], Seal(key, content)[Header..]);
    }

    [Fact]
    public void A_passphrase_opens_what_it_closed()
    {
        var file = Seal(Passphrase, [1, 2, 3]);
        Assert.Equal([1, 2, 3], Open(Passphrase, file));
        Assert.Contains("passphrase is wrong", Refusal(BackupKey.OfPassphrase("incorrect horse battery", "test"), file), StringComparison.Ordinal);
        Assert.Contains("made with a passphrase, not with a key file", Refusal(Key("k"), file), StringComparison.Ordinal);
        Assert.Contains("made with a key file, not with a passphrase", Refusal(Passphrase, Seal(Key("l"), [1])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", "is no backup of Madang")]
    [InlineData("other file", "is no backup of Madang")]
    [InlineData("newer", "has the format 2, which this Madang does not know")]
    [InlineData("header cut", "is cut off in its header")]
    [InlineData("header changed", "has a changed header")]
    [InlineData("no chunks", "is cut off behind chunk 0")]
    [InlineData("cut between chunks", "is cut off behind chunk 2: its end is missing")]
    [InlineData("cut in a chunk", "was changed in its last chunk (3), or cut off in it")]
    [InlineData("changed", "was changed in chunk 2")]
    [InlineData("changed at the end", "was changed in its last chunk (5), or cut off in it")]
    [InlineData("chunks exchanged", "was reordered: at chunk 2 stands chunk 4")]
    [InlineData("last chunk first", "was reordered: at chunk 1 stands chunk 5")]
    [InlineData("chunk left out", "was reordered: at chunk 2 stands chunk 3")]
    [InlineData("longer", "goes on behind its end (chunk 5)")]
    public void What_was_done_to_it_is_named(string damage, string says)
    {
        var key = Key("k");
        // Four full chunks and a full last one, so that each may stand in the place of each.
        var file = Seal(key, RandomNumberGenerator.GetBytes(5 * 65_536));
        byte[] Part(int number) => file[(Header + (number * Chunk))..(Header + ((number + 1) * Chunk))];
        byte[] damaged = damage switch
        {
            "nothing" => [],
            "other file" => RandomNumberGenerator.GetBytes(1000),
            "newer" => Changed(file, 13, 2),
            "header cut" => file[..(Header - 1)],
            "header changed" => Changed(file, 30, (byte)(file[30] ^ 1)),
            "no chunks" => file[..Header],
            "cut between chunks" => file[..(Header + (2 * Chunk))],
            "cut in a chunk" => file[..(Header + (2 * Chunk) + 1000)],
            "changed" => Changed(file, Header + Chunk + 5, (byte)(file[Header + Chunk + 5] ^ 1)),
            "changed at the end" => Changed(file, file.Length - 1, (byte)(file[^1] ^ 1)),
            "chunks exchanged" => [.. file[..Header], .. Part(0), .. Part(3), .. Part(2), .. Part(1), .. Part(4)],
            "last chunk first" => [.. file[..Header], .. Part(4), .. Part(1), .. Part(2), .. Part(3), .. Part(0)],
            "chunk left out" => [.. file[..Header], .. Part(0), .. Part(2), .. Part(3), .. Part(4)],
            _ => [.. file, 0],
        };

        Assert.StartsWith("--from: the file " + says, Refusal(key, damaged), StringComparison.Ordinal);
    }

    [Fact]
    public void No_bit_of_it_can_be_turned()
    {
        var key = Key("k");
        var file = Seal(key, [.. "a short secret"u8]);
        for (var at = 0; at < file.Length; at++)
        {
            Assert.NotEmpty(Refusal(key, Changed(file, at, (byte)(file[at] ^ (1 << (at % 8))))));
        }
    }

    [Fact]
    public void A_key_file_is_its_owners_and_none_is_written_over()
    {
        var path = Path.Combine(folder.FullName, "key");
        BackupKey.MakeFile(path);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Contains("is there already", Assert.Throws<InvalidInputException>(() => BackupKey.MakeFile(path)).Message, StringComparison.Ordinal);

        Assert.Contains("made with another key", Refusal(BackupKey.ReadFile(path), Seal(Key("other"), [1])), StringComparison.Ordinal);
        File.WriteAllText(path, "MADANG-BACKUP-KEY-1 AAAA\n");
        Assert.Contains("is no key file", Assert.Throws<InvalidInputException>(() => BackupKey.ReadFile(path)).Message, StringComparison.Ordinal);
        Assert.Contains("15 letters or more", Assert.Throws<InvalidInputException>(() => BackupKey.OfPassphrase("fourteen chars", "test")).Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(byte[] file, int at, byte value)
    {
        byte[] copy = [.. file];
        copy[at] = value;
        return copy;
    }

    private static byte[] Seal(BackupKey key, byte[] content)
    {
        using var file = new MemoryStream();
        using var closing = SealedFile.Seal(file, key);
        closing.Write(content);
        closing.Complete();
        return file.ToArray();
    }

    private static byte[] Open(BackupKey key, byte[] file)
    {
        using var opened = SealedFile.Open(new MemoryStream(file), key);
        using var content = new MemoryStream();
        opened.CopyTo(content);
        return content.ToArray();
    }

    private static string Refusal(BackupKey key, byte[] file) => Assert.Throws<InvalidInputException>(() => Open(key, file)).Message;

    private BackupKey Key(string name)
    {
        var path = Path.Combine(folder.FullName, name);
        BackupKey.MakeFile(path);
        return BackupKey.ReadFile(path);
    }
}
