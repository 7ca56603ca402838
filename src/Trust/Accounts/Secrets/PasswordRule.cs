using System.Collections.Frozen;

namespace Madang.Trust.Accounts.Secrets;

/// <summary>
/// Which passwords are taken: long ones that nobody guesses first. No rules about kinds of letters, no change by date (NIST SP
/// 800-63B-4, 3.1.1.2; ASVS 5.0, V6.2).
/// </summary>
internal static class PasswordRule
{
    /// <summary>PBKDF2 with HMAC-SHA-512: the OWASP Password Storage Cheat Sheet asks for 210,000.</summary>
    public const int Iterations = 210_000;

    /// <summary>In letters: what NIST SP 800-63B-4 asks of a password that is the only factor.</summary>
    public const int Shortest = 15;

    /// <summary>In letters; at least 64 must be possible (NIST SP 800-63B-4, ASVS 6.2.9), and no work without end be caused.</summary>
    public const int Longest = 256;

    /// <summary>How much must be left of a password when everything that is guessed first is taken out.</summary>
    private const int FewestOwn = 8;

    /// <summary>What people and crackers think of first; the house's own words among them (ASVS 6.2.11).</summary>
    private static readonly string[] Guessed =
    [
        "password", "passw0rd", "p@ssw0rd", "p@ssword", "passphrase", "secret", "letmein", "welcome", "changeme", "default", "administrator", "admin", "login", "signin", "account",
        "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty", "asdfgh", "zxcvbn", "1q2w3e4r5t", "1q2w3e4r", "1q2w3e", "q1w2e3r4", "qazwsx", "qwer", "asdf", "zxcv", "abcdefghijklmnopqrstuvwxyz", "abcdefg", "abcdef", "abcd", "abc",
        "iloveyou", "sunshine", "princess", "football", "baseball", "superman", "batman", "dragon", "monkey", "shadow", "master", "michael", "jordan", "charlie", "pokemon", "starwars", "trustno", "whatever", "freedom", "computer", "internet",
        "hello", "world", "love", "user", "test", "guest", "root", "temp", "city", "government", "public", "service", "official", "mayor", "operator", "citizen",
        "madang", "마당", "seoul", "서울", "korea", "대한민국", "한국", "비밀번호", "관리자", "시장", "공무원", "시민", "담당", "사랑해", "안녕하세요", "tjdnf", "akekd", "qlalfqjsgh", "rhksflwk", "dkssudgktpdy", "tkfkdgo",
        "012345678901234567890", "01234567890", "1234567890", "0987654321", "123456789", "987654321", "12345678", "87654321", "1234567", "123456", "654321", "12345", "1234", "4321", "123", "321",
    ];

    /// <summary>
    /// What stands whole among the 49,233 most used passwords that zxcvbn-ts counts, is long enough, and is neither words nor keys
    /// in a row (ASVS 6.2.4).
    /// </summary>
    private static readonly FrozenSet<string> MostUsed = FrozenSet.Create(
        StringComparer.Ordinal,
        "mailcreated5240", "polniypizdec0211", "polniypizdec1102", "polniypizdec110211", "momsanaladventure", "hd764nw5d7e1vb1", "hd764nw5d7e1vbv", "23176djivanfros", "zqjphsyf6ctifgu", "lhbjkjubz2957704",
        "nemvxyheqdd5oqxyxyzi", "bpgjldsgjldthnf", "nick1234-rem936", "aksjdlasdakj89879", "lytdybrbdfvgbhf", "420842084208555", "ne_e_pod_chehyl", "bhrh0h2oof6xbqjeh", "passwordstandard", "passwordassword", "122333444455555");

    private static readonly string[] ByLength = [.. Guessed.OrderByDescending(word => word.Length)];

    /// <summary>What is wrong with a password, as a key of words: <c>short</c>, <c>long</c>, <c>guessed</c>; null when it is good.</summary>
    /// <param name="password">As it was typed; blanks and every letter count.</param>
    /// <param name="own">The person's own words: name, address of e-mail.</param>
    public static string? Judge(string password, params IEnumerable<string?> own)
    {
        var length = password.EnumerateRunes().Count();
        return length < Shortest ? "short" : length > Longest ? "long" : MostUsed.Contains(password.ToLowerInvariant()) || OwnLetters(password.ToLowerInvariant(), own) < FewestOwn ? "guessed" : null;
    }

    /// <summary>How many letters remain without guessed words, the person's own words, keys in a row, years, and letters that repeat the one or two before.</summary>
    private static int OwnLetters(string password, IEnumerable<string?> own)
    {
        var words = own.SelectMany(text => (text ?? "").ToLowerInvariant().Split(['@', '.', ' ', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries)).Where(word => word.Length > 1).OrderByDescending(word => word.Length);
        var left = words.Concat(ByLength).Aggregate(password, (text, word) => text.Replace(word, "\n", StringComparison.Ordinal));
        var count = 0;
        for (var i = 0; i < left.Length; i++)
        {
            if (KeyboardWalks.Length(left.AsSpan(i)) is > 0 and var walked)
            {
                i += walked - 1;
                continue;
            }

            var repeats = (i > 0 && left[i] == left[i - 1]) || (i > 1 && left[i] == left[i - 2]);
            var year = i + 3 < left.Length && left[i] is '1' or '2' && left[i + 1] is '9' or '0' && char.IsAsciiDigit(left[i + 2]) && char.IsAsciiDigit(left[i + 3]);
            count += left[i] == '\n' || repeats ? 0 : 1;
            i += year ? 3 : 0;
        }

        return count;
    }
}
