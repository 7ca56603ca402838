using System.Text.Json;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust.Backup;

/// <summary>The first entry of a backup: what it is and what must come out of it.</summary>
internal sealed record Manifest(
    int Format, string Madang, string Engine, string? Tool, DateTimeOffset Made, IReadOnlyList<string> Scripts, IReadOnlyList<TableDigest> Tables, long Signed, IReadOnlyList<string> Notes)
{
    public const int Now = 1;

    public const string Name = "manifest.json", Store = "store/", Record = "record/", Secret = "secret/", Mail = "mail/";

    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Form);

    public static Manifest Read(Stream json)
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(json, Form) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new InvalidInputException("--from", $"the file has a manifest that cannot be read: {exception.Message}");
        }
    }
}
