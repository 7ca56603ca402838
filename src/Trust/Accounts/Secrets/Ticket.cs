namespace Madang.Trust.Accounts.Secrets;

/// <summary>What a ticket says: its person, where it has one, and what was put into it.</summary>
internal sealed record Ticket(string? Person, string Data);

/// <summary>What tickets are good for.</summary>
internal static class TicketKind
{
    public const string Administrator = "administrator", Confirm = "confirm", Invite = "invite", Reset = "reset", Address = "address", Second = "second", Passkey = "passkey", NewPasskey = "new-passkey", External = "external";
}
