using System.Globalization;
using System.Text;
using QRCoder;

namespace Madang.Trust;

/// <summary>What an authenticator app needs to know.</summary>
/// <param name="Key">The secret in groups of four, for typing.</param>
/// <param name="Path">The QR code as the path of an SVG, one unit a module.</param>
/// <param name="Size">Its width and height in modules, the quiet zone of four included.</param>
public sealed record TotpSetup(string Key, string Path, int Size)
{
    internal static TotpSetup Draw(string key, string address)
    {
        using var code = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Count; x++)
            {
                if (rows[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return new TotpSetup(string.Join(' ', key.Chunk(4).Select(group => new string(group))), path.ToString(), rows.Count);
    }
}
