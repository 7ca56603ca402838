using System.Globalization;
using System.Resources;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Operations.Rules;

namespace Madang.Operations.Messages;

/// <summary>Puts messages into words.</summary>
internal static class MessageText
{
    private static readonly ResourceManager Words = new("Madang.Operations.Messages.MessageWords", typeof(MessageText).Assembly);

    /// <summary>A receiver reads Korean as it is, not as numbers of letters.</summary>
    private static readonly JsonSerializerOptions Plain = new(RuleForm.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line above, in both languages.</summary>
    public static RuleText Title(MessageKind kind, MessageFacts facts) => new(Title(kind, facts, "ko"), Title(kind, facts, "en"));

    public static string Title(MessageKind kind, MessageFacts facts, string language) =>
        $"{Say(language, facts.Data == CityData.Simulated ? "mark.simulated" : "mark")} {Say(language, Key(kind, "title"), Of(facts.About, language), Of(kind is MessageKind.Lifted or MessageKind.Withdrawn ? facts.Title : facts.Level ?? facts.Title, language), facts.Step)}";

    /// <summary>The body of a letter.</summary>
    /// <param name="kind">What is told.</param>
    /// <param name="facts">What it says.</param>
    /// <param name="language"><c>ko</c> or <c>en</c>.</param>
    /// <param name="zone">The city's time.</param>
    /// <param name="origin">The address by which people know the city; null when it is not set.</param>
    public static string Letter(MessageKind kind, MessageFacts facts, string language, TimeZoneInfo zone, string? origin)
    {
        var lines = new List<string> { facts.Words is { } words ? Of(words, language) : Say(language, Key(kind, "text")), "" };
        if (facts.Words is null)
        {
            lines.Add(Say(language, "about", Of(facts.About, language)));
        }

        if (kind is not (MessageKind.Task or MessageKind.Notice))
        {
            lines.Add(Say(language, "rule", Of(facts.Title, language)));
        }

        if (facts.Level is { } level)
        {
            lines.Add(Say(language, "level", Of(level, language)));
        }

        if (Value(facts) is { } value)
        {
            lines.Add(Say(language, "value", value));
        }

        if (facts.Began is { } began)
        {
            lines.Add(Say(language, "began", TimeZoneInfo.ConvertTime(began, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
        }

        if (facts.Data == CityData.Simulated)
        {
            lines.AddRange(["", Say(language, "simulated")]);
        }

        if (Link(facts, language, origin) is { } link)
        {
            lines.AddRange(["", link]);
        }

        return string.Join('\n', lines);
    }

    /// <summary>All in one line, for a telephone.</summary>
    public static string Line(MessageKind kind, MessageFacts facts, string language, string? origin) =>
        string.Join(' ', new[] { Title(kind, facts, language), facts.Words is { } words ? Of(words, language) : null, Value(facts), Link(facts, language, origin) }.OfType<string>());

    /// <summary>The same for a program.</summary>
    public static string Json(string id, MessageKind kind, MessageFacts facts, DateTimeOffset at, string? origin) => JsonSerializer.Serialize(
        new
        {
            Id = id, Type = (kind is MessageKind.Task or MessageKind.Notice ? "" : "alert.") + kind.ToString().ToLowerInvariant(), At = at, facts.Data, facts.Rule, facts.Subject, Level = facts.LevelName, facts.Value, facts.Unit, facts.Began, facts.Title, facts.About, facts.Words,
            Text = Title(kind, facts), Url = Link(facts, "ko", origin),
        },
        Plain);

    private static string? Link(MessageFacts facts, string language, string? origin) => origin is null || facts.Path is null ? null : origin.TrimEnd('/') + (language == "en" ? "/en" : "") + facts.Path;

    private static string? Value(MessageFacts facts) => facts is { Value: { } value, Unit: { } unit } ? string.Create(CultureInfo.InvariantCulture, $"{value:0.####} {unit}") : null;

    /// <summary>In one line: a name may hold breaks, and the head of a letter must not.</summary>
    private static string Of(RuleText text, string language) => string.Concat((language == "en" ? text.En : text.Ko).Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static string Key(MessageKind kind, string part) => $"{kind.ToString().ToLowerInvariant()}.{part}";

    private static string Say(string language, string key, params object?[] values) => string.Format(CultureInfo.InvariantCulture, Words.GetString(key, CultureInfo.GetCultureInfo(language))!, values);
}
