using System.Globalization;
using System.Resources;
using Madang.Operations.Rules;

namespace Madang.Operations.Cap;

/// <summary>What a message says in words, made from the numbers of the alert and its rule.</summary>
internal sealed class CapText
{
    private static readonly ResourceManager Texts = new("Madang.Operations.Cap.CapTexts", typeof(CapText).Assembly);

    private readonly CultureInfo culture;
    private readonly bool isKorean;
    private readonly TimeZoneInfo zone;

    private CapText(string language, TimeZoneInfo zone) => (culture, isKorean, this.zone) = (CultureInfo.GetCultureInfo(language), language == "ko", zone);

    public static CapText Korean(TimeZoneInfo zone) => new("ko", zone);

    public static CapText English(TimeZoneInfo zone) => new("en", zone);

    /// <param name="rule">The rule of the alert.</param>
    /// <param name="subject">What people call the subject.</param>
    /// <param name="saying">What is said.</param>
    /// <param name="isSimulated">True for made-up data.</param>
    /// <param name="members">How many subjects it stands for; 0 when it stands for itself.</param>
    public CapWords Say(Rule rule, RuleText subject, CapSaying saying, bool isSimulated, int members)
    {
        var place = members > 0 ? Fill("places", Of(subject), members) : Of(subject);
        var what = Event(rule, saying.Level);
        return new CapWords(
            what, Fill("audience"), (isSimulated ? Fill("simulated") : "") + Fill("headline." + Word(saying.News), place, what), Describe(rule, place, saying), saying.IsEnd ? null : Instruct(rule));
    }

    private string Event(Rule rule, int level)
    {
        var rung = level > 0 && level <= rule.Levels.Count ? rule.Levels[level - 1] : null;
        var title = rung is null ? "" : rung.Title is { } words ? Of(words) : rung.Name;
        var about = CapGrades.IsAir(rule) && rule.Scope.Measure is { } measure && RuleSentence.FindMeasure(measure, culture) is { } known ? known : Of(rule.Name);
        return Fill("event", about, title).Trim();
    }

    private string Describe(Rule rule, string place, CapSaying saying)
    {
        var parts = new List<string>();
        if (saying.News == CapNews.Withdrawn)
        {
            parts.Add(Fill("withdrawn"));
        }
        else if (saying.News == CapNews.Folded)
        {
            parts.Add(Fill("folded", saying.Into));
        }
        else if (saying is { Value: { } value, Moment: { } moment } && rule.ValueUnit is { } unit)
        {
            parts.Add(Fill("value", Moment(moment), place, string.Create(CultureInfo.InvariantCulture, $"{value:0.####}"), unit));
        }

        parts.Add(Of(RuleDesk.Say(rule)));
        return string.Join(' ', parts);
    }

    private string? Instruct(Rule rule) => rule.Scope.Measure switch
    {
        _ when !CapGrades.IsAir(rule) => null,
        "pm25" or "pm10" => Fill("do.dust"),
        "o3" => Fill("do.ozone"),
        _ => Fill("do.air"),
    };

    private string Moment(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return isKorean ? string.Create(CultureInfo.InvariantCulture, $"{local.Month}월 {local.Day}일 {local:HH:mm}") : local.ToString("d MMMM, HH:mm", CultureInfo.InvariantCulture);
    }

    private string Of(RuleText text) => isKorean ? text.Ko : text.En;

    private string Fill(string key, params ReadOnlySpan<object?> values) =>
        string.Format(CultureInfo.InvariantCulture, Texts.GetString(key, culture) ?? throw new InvalidOperationException($"There are no words for '{key}'."), values);

    private static string Word(CapNews news) => news.ToString().ToLowerInvariant();
}
