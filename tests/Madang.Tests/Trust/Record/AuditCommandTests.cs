using Madang.Storage;
using Madang.Tests.Hosts;

namespace Madang.Tests.Trust.Record;

/// <summary>The commands as an operator types them.</summary>
public sealed class AuditCommandTests
{
    [Fact]
    public async Task The_record_is_verified_beside_its_city_and_from_a_copy_with_the_key_alone()
    {
        await using var store = await TestStore.Create(Engine.Sqlite);
        await using var keeping = await Keeping.Start(store);
        await keeping.Write(300);
        await keeping.Sign();
        var copy = Path.Combine(store.Folder, "copy");

        var (code, key) = await Run("audit", "key", "--data", store.Folder);
        Assert.Equal((0, (await File.ReadAllTextAsync(keeping.Place.PublicKey, TestContext.Current.CancellationToken)).Trim()), (code, key.Trim()));
        Assert.Equal((0, $"300 entries copied to {copy}."), await Trimmed("audit", "export", "--data", store.Folder, "--to", copy));
        Assert.Equal(0, (await Run("audit", "verify", "--data", store.Folder, "--key", key.Trim())).Code);
        var (ended, said) = await Run("audit", "verify", "--tiles", copy, "--key", key.Trim());
        Assert.Equal(0, ended);
        Assert.Contains("Entries  300", said, StringComparison.Ordinal);
        Assert.EndsWith("Everything is as it was signed.", said.Trim(), StringComparison.Ordinal);

        var tile = Path.Combine(copy, "tile", "0", "000");
        var bytes = await File.ReadAllBytesAsync(tile, TestContext.Current.CancellationToken);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(tile, bytes, TestContext.Current.CancellationToken);
        (ended, said) = await Run("audit", "verify", "--tiles", copy, "--key", key.Trim());
        Assert.Equal(1, ended);
        Assert.Contains("tile-changed: tile/0/000 was changed", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("madang: --tiles: there is no log in '/nowhere'", "audit", "verify", "--tiles", "/nowhere")]
    [InlineData("madang: --key: must be a verifier key", "witness", "--key", "nonsense", "--data", "/tmp/madang-no-witness")]
    [InlineData("madang: Option '--to' is required.", "audit", "export")]
    public async Task What_cannot_be_done_is_said_in_a_line(string says, params string[] arguments)
    {
        var (code, said) = await Run(arguments);
        Assert.Equal(2, code);
        Assert.StartsWith(says, said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> Trimmed(params string[] arguments)
    {
        var (code, said) = await Run(arguments);
        return (code, said.Trim());
    }

    private static async Task<(int Code, string Said)> Run(params string[] arguments)
    {
        await using var command = RealServer.Start(null, arguments);
        var code = await command.UntilEnd();
        return (code, command.Output);
    }
}
