using System.Globalization;

namespace Madang.Operations.Cap;

/// <summary>Writes messages in the city's name.</summary>
/// <param name="sender">That name.</param>
/// <param name="contact">Whom people ask; null for nobody.</param>
/// <param name="site">The city's own address; null where it is not known, and messages then lead nowhere: what they say must not hang on who asked for them first.</param>
/// <param name="zone">The city's time.</param>
internal sealed class CapAuthor(string sender, string? contact, string? site, TimeZoneInfo zone)
{
    /// <summary>Where no name was given: one that leads nowhere (RFC 6761, 6.4), so that nobody takes it for a city's.</summary>
    private const string Nobody = "madang.invalid";

    private readonly CapText korean = CapText.Korean(zone), english = CapText.English(zone);

    /// <summary>The name under which the city speaks.</summary>
    public string Sender => sender;

    /// <summary>The author that the options ask for.</summary>
    public static CapAuthor Of(OperationsOptions options, string? site, TimeZoneInfo zone) => new(options.CapSender ?? (site is null ? Nobody : new Uri(site).Host), options.CapContact, site?.TrimEnd('/'), zone);

    /// <summary>The name of a message: with the time, so that a city that was put back from a backup does not use a name twice.</summary>
    public CapReference Name(long alert, int number, DateTimeOffset sent) =>
        new(sender, string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(sent, zone):yyyyMMdd'T'HHmmss}-{alert}-{number}"), sent);

    /// <summary>The message, and its text.</summary>
    public (CapMessage Message, string Body) Write(CapChain chain, CapDue due, int number, IReadOnlyList<CapPlace> area)
    {
        var members = chain.IsStorm ? chain.Members.Count : 0;
        var message = new CapMessage
        {
            Identifier = Name(chain.Alert, number, due.Sent).Identifier, Sender = sender, Sent = due.Sent, Expires = due.Sent + CapPlan.Validity, Kind = due.Kind, IsSimulated = chain.IsSimulated, References = due.References,
            Incident = chain.IsStorm ? Storm(chain.Alert.ToString(CultureInfo.InvariantCulture)) : due.Saying.Into is { } into ? Storm(into) : null,
            Saying = due.Saying, Grade = CapGrades.Of(chain.Rule, due.Saying), Owner = chain.Rule.Owner, Contact = contact, Web = site is null ? null : string.Create(CultureInfo.InvariantCulture, $"{site}/alerts/{chain.Alert}"),
            Korean = korean.Say(chain.Rule, chain.SubjectName, due.Saying, chain.IsSimulated, members), English = english.Say(chain.Rule, chain.SubjectName, due.Saying, chain.IsSimulated, members), Places = area,
        };
        return (message, CapXml.Write(message, zone));
    }

    private static string Storm(string alert) => "alert-" + alert;
}
