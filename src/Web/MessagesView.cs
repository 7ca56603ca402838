using Madang.Operations;

namespace Madang.Web;

/// <summary>All that the page of messages is drawn from.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Messages">A page of messages, the newest first.</param>
/// <param name="State">The state they are all in; null for any.</param>
/// <param name="Failed">How many were not taken.</param>
/// <param name="Contacts">Whom to tell beside the addresses of accounts.</param>
/// <param name="Rules">The rules that there are.</param>
/// <param name="Filled">The form as it was sent.</param>
public sealed record MessagesView(
    Visit Visit, IReadOnlyList<Message> Messages, string? State, long Failed, IReadOnlyList<MessageContact> Contacts, IReadOnlyList<(string Id, RuleText Name)> Rules, Filled Filled)
{
    /// <summary>So many messages are a page.</summary>
    public const int Top = 50;

    /// <summary>What was done now, in words.</summary>
    public string? Done { get; init; }

    /// <summary>The secret of a contact that was just made: told this once.</summary>
    public string? Secret { get; init; }
}
