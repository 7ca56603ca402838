using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Madang.Tests.Trust.Accounts;

/// <summary>A passkey made of software (WebAuthn level 3, ES256, no attestation) that its user unlocks each time.</summary>
internal sealed class SoftKey : IDisposable
{
    /// <summary>Flags of authenticator data (6.1): user present, user verified, attested credential data follows.</summary>
    private const byte Present = 0x01, Verified = 0x04, Attested = 0x40;

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(16);
    private string? user;
    private uint uses;

    /// <summary>What <c>navigator.credentials.create()</c> answers to these options.</summary>
    public string Create(string options, string origin = "http://localhost")
    {
        var asked = JsonNode.Parse(options)!;
        user = (string)asked["user"]!["id"]!;
        var point = key.ExportParameters(false).Q;
        byte[] cose = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32, .. point.X!, 0x22, 0x58, 32, .. point.Y!];
        byte[] data = [.. Data((string)asked["rp"]!["id"]!, Present | Verified | Attested), .. new byte[16], 0, (byte)id.Length, .. id, .. cose];
        byte[] attestation = [0xA3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xA0, .. Text("authData"), 0x58, (byte)data.Length, .. data];
        return Answer(new() { ["clientDataJSON"] = Base64Url.EncodeToString(Client("webauthn.create", asked, origin)), ["attestationObject"] = Base64Url.EncodeToString(attestation), ["transports"] = new JsonArray("internal") });
    }

    /// <summary>What <c>navigator.credentials.get()</c> answers to these options.</summary>
    public string Get(string options, string origin = "http://localhost")
    {
        var asked = JsonNode.Parse(options)!;
        var (data, client) = (Data((string)asked["rpId"]!, Present | Verified), Client("webauthn.get", asked, origin));
        var signature = key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new() { ["clientDataJSON"] = Base64Url.EncodeToString(client), ["authenticatorData"] = Base64Url.EncodeToString(data), ["signature"] = Base64Url.EncodeToString(signature), ["userHandle"] = user });
    }

    public void Dispose() => key.Dispose();

    private byte[] Data(string party, int flags)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, ++uses);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(party)), (byte)flags, .. count];
    }

    private string Answer(JsonObject response) =>
        new JsonObject { ["id"] = Base64Url.EncodeToString(id), ["rawId"] = Base64Url.EncodeToString(id), ["type"] = "public-key", ["authenticatorAttachment"] = "platform", ["clientExtensionResults"] = new JsonObject(), ["response"] = response }.ToJsonString();

    private static byte[] Client(string type, JsonNode asked, string origin) => JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = (string)asked["challenge"]!, origin, crossOrigin = false });

    /// <summary>A short text in CBOR (RFC 8949, 3.1: major type 3).</summary>
    private static byte[] Text(string text) => [(byte)(0x60 | text.Length), .. Encoding.ASCII.GetBytes(text)];
}
