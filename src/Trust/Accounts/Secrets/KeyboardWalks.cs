namespace Madang.Trust.Accounts.Secrets;

/// <summary>
/// Keys that lie beside each other: rows and columns of the keyboard, to and fro, with and without their digits, two rows in
/// turn, Korean letters too, and the block of digits. Long, and among the first things that are tried.
/// </summary>
internal static class KeyboardWalks
{
    /// <summary>Fewer letters than this stand beside each other in words too.</summary>
    private const int Fewest = 4;

    private static readonly string[] Rows = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"];

    private static readonly string[] Korean = ["ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"];

    private static readonly string[] Digits = ["789456123", "741852963", "147258369"];

    private static readonly string[] All = [.. Rows.Concat(Korean).Concat(Digits).Concat(Columns(Rows)).Concat(Columns(Rows[1..])).Concat(Columns(Rows[..3])).Concat(InTurn()).SelectMany(walk => (string[])[walk, Back(walk)]).Distinct()];

    /// <summary>How many letters at the beginning of a text are such a walk; 0 when fewer than four are.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var walk in All)
        {
            for (var length = Math.Max(Fewest, longest + 1); length <= text.Length && walk.AsSpan().IndexOf(text[..length]) >= 0; length++)
            {
                longest = length;
            }
        }

        return longest;
    }

    /// <summary>Columns one after the other: each down, each up, and down and up in turn. Walked back they are those from the right.</summary>
    private static IEnumerable<string> Columns(string[] rows)
    {
        var columns = Enumerable.Range(0, rows.Min(row => row.Length)).Select(at => string.Concat(rows.Select(row => row[at]))).ToList();
        yield return string.Concat(columns);
        yield return string.Concat(columns.Select(Back));
        yield return string.Concat(columns.Select((column, at) => at % 2 == 0 ? column : Back(column)));
        yield return string.Concat(columns.Select((column, at) => at % 2 == 1 ? column : Back(column)));
    }

    /// <summary>Two rows in turn, as <c>1q2w3e</c> and <c>q1w2e3</c>.</summary>
    private static IEnumerable<string> InTurn()
    {
        foreach (var (upper, lower) in Rows.Zip(Rows.Skip(1)))
        {
            foreach (var walk in Columns([upper, lower]))
            {
                yield return walk;
            }
        }
    }

    private static string Back(string text) => new([.. text.Reverse()]);
}
