using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>
/// The place behind a page: the sort keys of its last entity, in an opaque word for an address. It holds for one collection,
/// filter and order; another one, or a word that somebody changed, is refused.
/// </summary>
internal static class SkipToken
{
    private const byte Version = 1;
    private const int Head = 9, MostText = 300;

    /// <summary>The token, or null when the keys are too long for an address.</summary>
    public static string? Write(string about, IReadOnlyList<object?> keys, long skip)
    {
        if (keys.Any(key => key is string { Length: > MostText }))
        {
            return null;
        }

        var payload = Payload(keys, skip);
        byte[] token = [Version, .. Digest(about, payload), .. payload];
        return Base64Url.EncodeToString(token);
    }

    private static ReadOnlySpan<byte> Payload(IReadOnlyList<object?> keys, long skip)
    {
        var payload = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartArray();
            json.WriteNumberValue(skip);
            foreach (var key in keys)
            {
                switch (key)
                {
                    case null:
                        json.WriteNullValue();
                        break;
                    case long whole:
                        json.WriteNumberValue(whole);
                        break;
                    case double number:
                        json.WriteNumberValue(number);
                        break;
                    default:
                        JsonSerializer.Serialize(json, key, key.GetType());
                        break;
                }
            }

            json.WriteEndArray();
        }

        return payload.WrittenSpan;
    }

    public static (IReadOnlyList<object?> Keys, long Skip) Read(string token, string about, int keys) =>
        Find(token, about) is { } place && place.Keys.Count == keys ? place : throw Wrong();

    /// <summary>The place that a token tells, in whichever order; null when it is none of this question.</summary>
    public static (IReadOnlyList<object?> Keys, long Skip)? Find(string token, string about)
    {
        if (!Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > Head } bytes || bytes[0] != Version)
        {
            return null;
        }

        var payload = bytes[Head..];
        if (!Digest(about, payload).AsSpan().SequenceEqual(bytes.AsSpan(1, Head - 1)))
        {
            return null;
        }

        using var json = JsonDocument.Parse(payload);
        var values = json.RootElement.EnumerateArray().Select(Value).ToList();
        return (values[1..], (long)values[0]!);
    }

    private static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => json.GetString(),
        _ => json.TryGetInt64(out var whole) ? (object)whole : json.GetDouble(),
    };

    private static byte[] Digest(string about, ReadOnlySpan<byte> payload) => SHA256.HashData([.. Encoding.UTF8.GetBytes(about), 0, .. payload])[..(Head - 1)];

    private static InvalidInputException Wrong() =>
        new("$skiptoken", "is not one of this collection, $filter and $orderby; follow @iot.nextLink as it was given, or begin again without it");
}
