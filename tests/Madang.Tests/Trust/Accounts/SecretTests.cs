using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;

namespace Madang.Tests.Trust.Accounts;

public sealed class SecretTests
{
    /// <summary>Those of the 49,233 most used passwords that zxcvbn-ts counts which have 15 letters or more.</summary>
    private static readonly string[] MostUsed =
    [
        "mailcreated5240", "polniypizdec0211", "123456789987654321", "1qaz2wsx3edc4rfv", "momsanaladventure", "hd764nw5d7e1vb1", "qazwsxedcrfvtgb",
        "23176djivanfros", "123456789qwerty", "12345678900987654321", "qwerty123456789", "polniypizdec110211", "12345678987654321", "q1w2e3r4t5y6u7i8",
        "zqjphsyf6ctifgu", "lhbjkjubz2957704", "1qazxsw23edcvfr4", "nemvxyheqdd5oqxyxyzi", "passwordpassword", "1234qwerasdfzxcv", "1234567890987654321",
        "1234567890qwerty", "q1w2e3r4t5y6u7i8o9p0", "passwordstandard", "bpgjldsgjldthnf", "1234567887654321", "zxcvbnm123456789", "122333444455555",
        "111222333444555", "qwertyuiop12345", "1qa2ws3ed4rf5tg", "nick1234-rem936", "qwertasdfgzxcvb", "aksjdlasdakj89879", "lytdybrbdfvgbhf",
        "passwordassword", "420842084208555", "polniypizdec1102", "ne_e_pod_chehyl", "hd764nw5d7e1vbv", "bhrh0h2oof6xbqjeh",
    ];

    /// <summary>RFC 6238, appendix B: the SHA-1 column, its last six digits.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code)
    {
        const string key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);
        Assert.Equal(code, Totp.Code(key, at));
        Assert.Equal(seconds / 30, Totp.Find(key, code, at, 0));
        Assert.Equal(seconds / 30, Totp.Find(key, code[..3] + " " + code[3..], at.AddSeconds(30), 0));
        Assert.Null(Totp.Find(key, code, at, seconds / 30));
        Assert.Null(Totp.Find(key, code, at.AddSeconds(90), 0));
    }

    [Fact]
    public void A_new_key_has_160_bits() => Assert.Matches("^[A-Z2-7]{32}$", Totp.MakeKey());

    [Theory]
    [InlineData("넓은 마당에 달빛이 가득한 밤", null)]
    [InlineData("correct horse battery staple", null)]
    [InlineData("xK9$wq!Lr2&zTn7b", null)]
    [InlineData("short but odd!", "short")]
    [InlineData("passwordpassword", "guessed")]
    [InlineData("Password1234567890!", "guessed")]
    [InlineData("qwertyuiopasdfghjkl", "guessed")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "guessed")]
    [InlineData("abababababababababab", "guessed")]
    [InlineData("madangseoul2026!!!!", "guessed")]
    [InlineData("마당마당마당마당마당마당마당마당", "guessed")]
    [InlineData("kim.madang@city.example1", "guessed")]
    public void A_password_is_long_and_not_what_is_guessed_first(string password, string? wrong) =>
        Assert.Equal(wrong, PasswordRule.Judge(password, "Kim Madang", "kim.madang@city.example"));

    [Theory]
    [InlineData("1qaz2wsx3edc4rfv")]
    [InlineData("4rfv3edc2wsx1qaz")]
    [InlineData("zaq1xsw2cde3vfr4")]
    [InlineData("vfr4cde3xsw2zaq1")]
    [InlineData("1QAZxsw23EDCvfr4")]
    [InlineData("qazwsxedcrfvtgbyhn")]
    [InlineData("nhybgtvfrcdexswzaq")]
    [InlineData("poiuytrewqlkjhgfdsa")]
    [InlineData("mnbvcxz/.,;lkjhgf")]
    [InlineData("q2w3e4r5t6y7u8i9o0p")]
    [InlineData("qawsedrftgyhujikol")]
    [InlineData("147258369741852963")]
    [InlineData("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣ")]
    public void Keys_in_a_row_or_column_are_guessed_first_to_and_fro(string password) => Assert.Equal("guessed", PasswordRule.Judge(password));

    [Fact]
    public void None_of_the_most_used_passwords_is_taken() => Assert.All(MostUsed, password => Assert.Equal("guessed", PasswordRule.Judge(password)));

    [Fact]
    public void A_very_long_password_is_refused()
    {
        Assert.Equal("long", PasswordRule.Judge(string.Concat(Enumerable.Range(0, 300).Select(number => (char)('가' + (number * 37))))));
        Assert.Null(PasswordRule.Judge(string.Concat(Enumerable.Range(0, 200).Select(number => (char)('가' + (number * 37))))));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome · Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari · iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; SM-S928N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36", "Samsung Internet · Android")]
    [InlineData("<script>", "")]
    [InlineData(null, "")]
    public void A_browser_is_known_by_a_few_words(string? header, string words) => Assert.Equal(words, Agent.Words(header));
}
