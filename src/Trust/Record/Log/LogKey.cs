using System.Security.Cryptography;
using System.Text;
using Madang.Trust.Record.Keys;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Record.Log;

/// <summary>The key that signs the log; made with the first entry.</summary>
internal sealed partial class LogKey(RecordPlace place, IOptions<TrustOptions> options, ILogger<LogKey> log)
{
    private const int RandomLength = 4;

    /// <summary>Reads the key; makes one where nothing was ever signed. Its public half lies with the log.</summary>
    public NoteSigner ReadOrMake(Head? head)
    {
        var isNew = !File.Exists(place.SigningKey);
        if (isNew && head is not null)
        {
            throw new RecordBrokenException($"the signing key {place.SigningKey} of the log {head.Origin} is absent; put it back from the backup.");
        }

        var signer = NoteSigner.Parse(place.ReadOrMakeSecret(place.SigningKey, () => new NoteSigner(NewOrigin(), NoteKeyKind.Note, Ed25519.NewSeed()).Secret()), place.SigningKey);
        if (isNew)
        {
            NewKey(log, signer.Verifier);
        }

        if (!File.Exists(place.PublicKey))
        {
            new TileFolder(place.Folder).Replace(Path.GetFileName(place.PublicKey), Encoding.UTF8.GetBytes(signer.Verifier + "\n"));
        }

        return signer;
    }

    private string NewOrigin() => string.IsNullOrWhiteSpace(options.Value.RecordOrigin)
        ? $"madang.local/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomLength))}"
        : options.Value.RecordOrigin;

    [LoggerMessage(Level = LogLevel.Information, Message = "The record's log has a new key. Keep it where nobody of this machine can change it: {Key}")]
    private static partial void NewKey(ILogger log, NoteVerifier key);
}
