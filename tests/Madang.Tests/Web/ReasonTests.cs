using System.Text.RegularExpressions;
using Madang.Tests.Laws;
using Madang.Web;
using Madang.Web.Text;

namespace Madang.Tests.Web;

/// <summary>Reasons are made in English and said in the reader's language: the sentences of both must stay the same.</summary>
public sealed partial class ReasonTests
{
    [Theory]
    [InlineData("t: 'x' is not a number", "t: 'x'은(는) 숫자가 아닙니다")]
    [InlineData("t: 90 ℃ (raw 1900) is not between -50 and 80", "t: 90 ℃(원래 값 1900)은(는) -50에서 80 사이가 아닙니다")]
    [InlineData("a: 'x' is not a number; b: 9 (raw 9) is not between 0 and 1", "a: 'x'은(는) 숫자가 아닙니다. b: 9(원래 값 9)은(는) 0에서 1 사이가 아닙니다.")]
    [InlineData("has more than 5 records; send it in several requests", "기록이 5개를 넘습니다. 나누어 보내십시오")]
    [InlineData("there is no key 'scal' here; there are from, scale", "여기에 'scal'(이)라는 이름은 없습니다. 쓸 수 있는 이름: from, scale")]
    [InlineData("line 12, measures[0].scale", "12행, measures[0].scale")]
    [InlineData("must hold {device}, so that devices can be told apart", "기기를 구별할 수 있게 {device}가 들어 있어야 합니다")]
    [InlineData("expected a name, or a key in quotes, after '/' at position 5, found 'x'", "5번째 글자에 'x'이(가) 있는데, 그 자리에는 / 뒤의 이름, 또는 따옴표 안의 이름이(가) 있어야 합니다")]
    public void A_reason_is_said_in_korean(string reason, string korean)
    {
        Assert.Equal((korean, null), Reasons.Say(Language.Korean, reason));
        Assert.Equal((reason, null), Reasons.Say(Language.English, reason));
    }

    [Fact]
    public void What_nobody_knows_stays_english_and_says_so() => Assert.Equal(("the moon is full; t: it is", "en"), Reasons.Say(Language.Korean, "the moon is full; t: it is"));

    [Fact]
    public void A_reason_has_a_key_and_parameters()
    {
        var (key, values) = Reasons.Find("'x' at position 3 is no property or relation of Thing")!.Value;
        Assert.Equal("reason.no-property", key);
        Assert.Equal(["x", "3", "Thing"], values);
    }

    [Fact]
    public void Every_sentence_is_one_that_the_modules_say()
    {
        var said = Directory.EnumerateFiles(Path.Combine(House.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        foreach (var (key, sentence) in Language.English.List("reason."))
        {
            var parts = Place().Split(sentence).Select(part => part.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal).Trim(' ', '\'', ',', ':', ';')).Where(part => part.Length > 1).ToList();
            Assert.True(said.Exists(file => parts.TrueForAll(part => file.Contains(part, StringComparison.Ordinal))), $"nobody says '{sentence}' (reason.{key})");
        }
    }

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
