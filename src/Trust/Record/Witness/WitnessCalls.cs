using System.Net;
using System.Text;
using Madang.Kernel;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Record.Witness;

/// <summary>Asks each configured witness to sign the last checkpoint, now and then, and adds what they sign. None of them can hold up the city.</summary>
internal sealed partial class WitnessCalls : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromMinutes(10), Patience = TimeSpan.FromSeconds(10);

    private readonly RecordLog log;
    private readonly TimeProvider clock;
    private readonly ILogger<WitnessCalls> logger;
    private readonly List<Line> lines;
    private readonly HttpClient client = new() { Timeout = Patience, MaxResponseContentBufferSize = SignedNote.MostBytes };

    public WitnessCalls(RecordLog log, IOptions<TrustOptions> options, TimeProvider clock, ILogger<WitnessCalls> logger) =>
        (this.log, this.clock, this.logger, lines) = (log, clock, logger, [.. options.Value.Witnesses.Select(Line.Parse)]);

    /// <summary>True when every witness of the settings has an address and a key; otherwise throws and names what is wrong.</summary>
    public static bool CanBeAsked(TrustOptions options) => options.Witnesses.Select(Line.Parse).All(line => line.Address.IsAbsoluteUri);

    public override void Dispose()
    {
        client.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (lines.Count > 0 && !stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(lines.Where(line => clock.GetElapsedTime(line.FailedAt) >= line.Pause).Select(line => AskCalmly(line, stoppingToken)));
            await Task.Delay(Pace, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks every witness once.</summary>
    internal Task AskAll(CancellationToken cancel) => Task.WhenAll(lines.Select(line => Ask(line, cancel)));

    private async Task AskCalmly(Line line, CancellationToken cancel)
    {
        try
        {
            await Ask(line, cancel);
            line.Pause = TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The stop.
        }
        catch (Exception exception)
        {
            line.Pause = line.Pause == TimeSpan.Zero ? Pace : TimeSpan.FromTicks(Math.Min(line.Pause.Ticks * 2, Longest.Ticks));
            line.FailedAt = clock.GetTimestamp();
            NotSigned(logger, line.Key.Name, line.Pause.TotalSeconds, exception);
        }
    }

    /// <summary>Sends the last checkpoint; when the witness knows another than we thought, once more from that one.</summary>
    private async Task Ask(Line line, CancellationToken cancel)
    {
        if (log.FindCheckpoint() is not { } note || Checkpoint.TryParse(note.Text) is not { } checkpoint || line.Signed == note.Text)
        {
            return;
        }

        var own = note with { Signatures = [.. note.Signatures.Where(signature => signature.Name == checkpoint.Origin)] };
        line.Known = line.Known > checkpoint.Size ? 0 : line.Known;
        for (var isSecond = false; ; isSecond = true)
        {
            var proof = MerkleTree.Consistency(line.Known, checkpoint.Size, log.Folder.Reader.Hashes(checkpoint.Size));
            using var answer = await client.PostAsync(line.Address, new StringContent(WitnessBook.Request.Write(line.Known, proof, own), Encoding.UTF8, "text/plain"), cancel);
            var body = await answer.Content.ReadAsStringAsync(cancel);
            if (answer.StatusCode == HttpStatusCode.Conflict && !isSecond && Checkpoint.TryParseSize(body.Trim(), out var known) && known <= checkpoint.Size && known != line.Known)
            {
                line.Known = known;
                continue;
            }

            await Take(line, note, checkpoint, answer.StatusCode, body, cancel);
            return;
        }
    }

    private async Task Take(Line line, SignedNote note, Checkpoint checkpoint, HttpStatusCode status, string body, CancellationToken cancel)
    {
        if (status is HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity)
        {
            Disputed(logger, line.Key.Name, checkpoint.Size, body);
            throw new InvalidDataException($"{line.Key.Name} has seen another record than this one: {(int)status} {body.Trim()}");
        }

        var signatures = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SignedNote.TryParseSignature).OfType<NoteSignature>()
            .Where(signature => new SignedNote(note.Text, [signature]).IsSignedBy(line.Key)).ToList();
        if (status != HttpStatusCode.OK || signatures.Count == 0)
        {
            throw new InvalidDataException($"{line.Address} answered {(int)status} without a good signature of {line.Key.Name}: {(body.Length > 200 ? body[..200] : body).Trim()}");
        }

        (line.Known, line.Signed) = (checkpoint.Size, note.Text);
        await log.Add(note.Text, signatures, cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The witness {Witness} did not sign the record's checkpoint; asked again in {Seconds} s or later.")]
    private static partial void NotSigned(ILogger log, string witness, double seconds, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "THE WITNESS {Witness} HAS SEEN ANOTHER RECORD than this one of {Size} entries: it was rolled back, changed, or restored from an older backup ({Answer}). Look with ./madang audit verify --since.")]
    private static partial void Disputed(ILogger log, string witness, long size, string answer);

    /// <summary>A witness, and what it signed last as far as we know.</summary>
    private sealed class Line(Uri address, NoteVerifier key)
    {
        public Uri Address => address;

        public NoteVerifier Key => key;

        public long Known { get; set; }

        public string? Signed { get; set; }

        public TimeSpan Pause { get; set; }

        public long FailedAt { get; set; }

        public static Line Parse(string setting)
        {
            var parts = setting.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return parts.Length == 2 && Uri.TryCreate(parts[0].TrimEnd('/') + "/add-checkpoint", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                && NoteVerifier.Parse(parts[1], "Trust:Witnesses") is { Kind: NoteKeyKind.Cosignature } key
                ? new Line(address, key)
                : throw new InvalidInputException("Trust:Witnesses", "each is an address and a public key, such as 'https://witness.example witness.example/1+0123abcd+BA…'");
        }
    }
}
