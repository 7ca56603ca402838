using System.Text;
using Madang.Kernel;
using Madang.Trust.Record;
using Madang.Trust.Record.Keys;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Witness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Trust;

/// <summary>
/// A witness of other machines' logs, in a process and on a machine of its own: it signs what continues what it saw before
/// (C2SP tlog-witness), so that nobody can show two people two different records.
/// </summary>
public sealed class RecordWitness : IDisposable
{
    private readonly FileStream held;
    private readonly WitnessBook book;

    private RecordWitness(FileStream held, NoteSigner signer, WitnessBook book) => (this.held, Key, this.book) = (held, signer.Verifier.ToString(), book);

    /// <summary>The witness's own public key, as the city is told it (<c>Trust:Witnesses</c>).</summary>
    public string Key { get; }

    /// <summary>
    /// Opens a witness's folder, and makes it and a key when they are absent. <paramref name="logs"/> are the public keys of
    /// the logs it knows; <paramref name="origin"/> is the only log's name where it is not its key's.
    /// </summary>
    public static RecordWitness Open(string folder, string name, IReadOnlyList<string> logs, string? origin, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(logs);
        if (logs.Count == 0 || (origin is not null && logs.Count > 1))
        {
            throw new InvalidInputException("--key", origin is null ? "a witness needs the public key of a log" : "with --origin there is one key");
        }

        if (!NoteVerifier.IsName(name))
        {
            throw new InvalidInputException("--name", "must be a name without spaces and plus signs, such as witness.example/1");
        }

        var keys = logs.Select(log => NoteVerifier.Parse(log, "--key")).ToDictionary(key => origin ?? key.Name);
        var place = new RecordPlace(Path.Combine(folder, "seen"));
        var held = Hold(folder);
        var secret = place.ReadOrMakeSecret(place.SigningKey, () => new NoteSigner(name, NoteKeyKind.Cosignature, Ed25519.NewSeed()).Secret());
        var signer = NoteSigner.Parse(secret, place.SigningKey);
        return new RecordWitness(held, signer, new WitnessBook(new TileFolder(place.Folder), signer, keys, clock));
    }

    /// <summary>Maps <c>POST /add-checkpoint</c>.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/add-checkpoint", async (HttpContext context) =>
    {
        using var reader = new StreamReader(context.Request.Body, new UTF8Encoding(false, throwOnInvalidBytes: false));
        var answer = book.Add(await reader.ReadToEndAsync(context.RequestAborted));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    });

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    /// <summary>Two witnesses over one folder could each sign another tree.</summary>
    private static FileStream Hold(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, "witness.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException("--data", $"the folder '{Path.GetFullPath(folder)}' cannot be taken: {exception.Message}");
        }
    }
}
