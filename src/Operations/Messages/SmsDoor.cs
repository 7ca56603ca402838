using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Sensing;
using Microsoft.Extensions.Options;

namespace Madang.Operations.Messages;

/// <summary>How text messages leave: a provider's address, or files in a folder; neither unless it is set.</summary>
internal sealed class SmsDoor(OutwardCalls calls, IOptions<SmsOptions> options)
{
    /// <summary>What comes of a message while no way is set.</summary>
    public const string NoDoor = "no-door";

    /// <summary>How long files lie.</summary>
    public const int DaysKept = 7;

    /// <summary>What came of a message that is made up: it was written down and went nowhere.</summary>
    public const string Simulated = "simulated";

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<CallOutcome> Send(string id, string to, string text, CancellationToken cancel)
    {
        var body = JsonSerializer.Serialize(new { id, to, text }, Plain);
        var door = options.Value;
        if (door.Url is { } url)
        {
            return door.Inside || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? await calls.Post(url, door.Key, body, door.Inside, cancel) : new(false, NoDoor);
        }

        return door.Folder is { } folder ? await Put(folder, id, body, cancel) : new(false, NoDoor);
    }

    /// <summary>Puts what is made up where it can be looked at, and sends it to nobody.</summary>
    public async Task<CallOutcome> PutAside(string id, string to, string text, CancellationToken cancel) =>
        options.Value.Folder is { } folder ? await Put(folder, id, JsonSerializer.Serialize(new { id, to, text }, Plain), cancel) : new(true, Simulated);

    /// <summary>Deletes files written before a moment and answers how many; by the clock of the disk, which is all that a file knows.</summary>
    public static int Delete(string? folder, DateTimeOffset before, int most)
    {
        if (folder is null || !Directory.Exists(folder))
        {
            return 0;
        }

        var over = Directory.EnumerateFiles(folder, "sms-*.json").Where(file => File.GetLastWriteTimeUtc(file) <= before.UtcDateTime).Take(most).ToList();
        over.ForEach(File.Delete);
        return over.Count;
    }

    /// <summary>Only this server's user may read it.</summary>
    private static async Task<CallOutcome> Put(string folder, string id, string body, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var stream = new FileStream(Path.Combine(folder, $"sms-{id}.json"), file);
        await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body), cancel);
        return new(true, "file");
    }
}
