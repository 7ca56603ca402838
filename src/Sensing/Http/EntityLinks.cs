using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Sensing.Model;

namespace Madang.Sensing.Http;

/// <summary>Addresses of entities below a root. An answer of a thousand Observations writes four thousand of them, so what they begin with is encoded once.</summary>
internal sealed class EntityLinks(string root)
{
    private const int MostDigits = 20, Usual = 512;

    private readonly Dictionary<string, byte[]> beginnings = [];

    /// <summary>The address of an entity, or of what one of its relations leads to, as a JSON string.</summary>
    public void Write(Utf8JsonWriter json, EntitySet set, long id, Navigation? navigation = null)
    {
        var beginning = BeginningOf(set);
        var most = beginning.Length + MostDigits + (navigation?.Name.Length ?? 0) + 3;
        var link = most <= Usual ? stackalloc byte[Usual] : new byte[most];
        beginning.CopyTo(link);
        Utf8Formatter.TryFormat(id, link[beginning.Length..], out var digits);
        var length = beginning.Length + digits;
        link[length++] = (byte)')';
        if (navigation is not null)
        {
            link[length++] = (byte)'/';
            length += Encoding.ASCII.GetBytes(navigation.Name, link[length..]);
        }

        link[length++] = (byte)'"';
        json.WriteRawValue(link[..length], skipInputValidation: true);
    }

    /// <summary><c>"root/Set(</c>, with its quotation mark, as JSON has it.</summary>
    private byte[] BeginningOf(EntitySet set) => beginnings.TryGetValue(set.Name, out var known)
        ? known
        : beginnings[set.Name] = [(byte)'"', .. JsonEncodedText.Encode($"{root}/{set.Name}(", JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes];
}
