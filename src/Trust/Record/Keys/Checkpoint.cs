using System.Globalization;
using Madang.Trust.Record.Tree;

namespace Madang.Trust.Record.Keys;

/// <summary>The head of a log: whose, how many leaves, which root (C2SP tlog-checkpoint).</summary>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    private const int FewestLines = 3;

    /// <summary>The text that is signed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads the text of a note; null when it is no checkpoint. Further lines may follow and mean nothing here.</summary>
    public static Checkpoint? TryParse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < FewestLines + 1 || lines[0].Length == 0 || lines[^1].Length > 0 || lines[..^1].Any(line => line.Length == 0))
        {
            return null;
        }

        return TryParseSize(lines[1], out var size) && NoteVerifier.Decode(lines[2]) is { Length: MerkleTree.HashLength } root && Convert.ToBase64String(root) == lines[2]
            ? new Checkpoint(lines[0], size, root)
            : null;
    }

    /// <summary>A number of leaves as the formats write it: digits without leading zeroes.</summary>
    public static bool TryParseSize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && (text.Length == 1 || text[0] != '0');

    public bool Equals(Checkpoint? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
