using System.Security.Cryptography;
using System.Text;
using Madang.Kernel;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Witness;

/// <summary>What a witness answers: an HTTP status, a body and its type.</summary>
internal sealed record WitnessAnswer(int Status, string Body, string ContentType = WitnessAnswer.Plain)
{
    public const string Plain = "text/plain; charset=utf-8", Size = "text/x.tlog.size";
}

/// <summary>
/// The witness's part of C2SP tlog-witness: it signs a checkpoint only after it has proof that it continues the last one it
/// signed, and after that one is safely on its disk.
/// </summary>
internal sealed class WitnessBook(TileFolder seen, NoteSigner signer, IReadOnlyDictionary<string, NoteVerifier> logs, TimeProvider clock)
{
    private const int MostProof = 63;

    private readonly Lock turn = new();

    /// <summary>Judges the body of an add-checkpoint request.</summary>
    public WitnessAnswer Add(string body)
    {
        if (Request.TryParse(body) is not { } request)
        {
            return new WitnessAnswer(400, "not an add-checkpoint request: 'old SIZE', hashes of the proof, an empty line, a checkpoint\n");
        }

        if (!logs.TryGetValue(request.Checkpoint.Origin, out var key))
        {
            return new WitnessAnswer(404, "this witness does not know the log\n");
        }

        if (!request.Note.IsSignedBy(key))
        {
            return new WitnessAnswer(403, "the checkpoint is not signed by the log's key\n");
        }

        // Look, proof, note and signature are one step: two requests at once must not lead the witness back.
        lock (turn)
        {
            return Judge(request);
        }
    }

    private WitnessAnswer Judge(Request request)
    {
        var (next, last) = (request.Checkpoint, FindLast(request.Checkpoint.Origin));
        var lastSize = last?.Size ?? 0;
        if (request.Old > next.Size)
        {
            return new WitnessAnswer(400, "the old size is greater than the checkpoint's\n");
        }

        if (request.Old != lastSize || (last is not null && next.Size == lastSize && !next.Root.AsSpan().SequenceEqual(last.Root)))
        {
            return new WitnessAnswer(409, FormattableString.Invariant($"{lastSize}\n"), WitnessAnswer.Size);
        }

        if (!Proof.VerifyConsistency(request.Old, next.Size, request.Proof, last?.Root ?? MerkleTree.EmptyRoot, next.Root))
        {
            return new WitnessAnswer(422, "the proof does not lead from the last checkpoint to this one\n");
        }

        seen.Replace(FileOf(next.Origin), Encoding.UTF8.GetBytes(request.Note.ToString()));
        return new WitnessAnswer(200, SignedNote.Cosign(request.Note.Text, signer, clock.GetUtcNow()).Line);
    }

    private Checkpoint? FindLast(string origin)
    {
        if (seen.Reader.Find(FileOf(origin)) is not { } bytes)
        {
            return null;
        }

        // A witness that has forgotten what it saw must not begin again as if it had seen nothing.
        return SignedNote.TryParse(Encoding.UTF8.GetString(bytes)) is { } note && Checkpoint.TryParse(note.Text) is { } checkpoint && checkpoint.Origin == origin
            ? checkpoint
            : throw new CityRuleException("witness-note-broken", $"{Path.Combine(seen.Root, FileOf(origin))} is no checkpoint of {origin}.", 500);
    }

    private static string FileOf(string origin) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin))) + ".checkpoint";

    /// <summary>The body of a request, taken apart.</summary>
    internal sealed record Request(long Old, IReadOnlyList<byte[]> Proof, SignedNote Note, Checkpoint Checkpoint)
    {
        public static Request? TryParse(string body)
        {
            var head = body.IndexOf("\n\n", StringComparison.Ordinal);
            if (head < 0 || SignedNote.TryParse(body[(head + 2)..]) is not { } note || Keys.Checkpoint.TryParse(note.Text) is not { } checkpoint)
            {
                return null;
            }

            var lines = body[..head].Split('\n');
            var proof = lines[1..].Select(NoteVerifier.Decode).ToList();
            return lines[0].StartsWith("old ", StringComparison.Ordinal) && Keys.Checkpoint.TryParseSize(lines[0]["old ".Length..], out var old)
                && proof.Count <= MostProof && proof.All(hash => hash is { Length: MerkleTree.HashLength })
                ? new Request(old, proof!, note, checkpoint)
                : null;
        }

        public static string Write(long old, IReadOnlyList<byte[]> proof, SignedNote note) =>
            FormattableString.Invariant($"old {old}\n{string.Concat(proof.Select(hash => Convert.ToBase64String(hash) + "\n"))}\n{note}");
    }
}
