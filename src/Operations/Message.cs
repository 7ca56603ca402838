using System.Text.Json.Serialization;
using Madang.Operations.Live;

namespace Madang.Operations;

/// <summary>What somebody is told, and what came of it. Its words are made when it is sent, in the recipient's language.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="Alert">The alert it is about; null when it is about none.</param>
/// <param name="Recipient"><c>person:…</c> or <c>contact:…</c>.</param>
/// <param name="Name">What the contact is called; null for a person, and for a contact that is gone.</param>
/// <param name="Channel">By which way.</param>
/// <param name="State">What came of it.</param>
/// <param name="MadeAt">When it was to be told.</param>
public sealed record Message(long Id, MessageKind Kind, long? Alert, string Recipient, string? Name, MessageChannel Channel, MessageState State, DateTimeOffset MadeAt)
{
    /// <summary>What it says above, in both languages.</summary>
    public required RuleText Title { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>When it is tried next; null when it is not.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>When it was taken; null when it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>What came of the last attempt: the status of an answer, <c>quiet-hours</c>, <c>no-address</c>, <c>no-role</c>, <c>no-door</c>, <c>superseded</c>, or why there was no answer; null before the first.</summary>
    public string? Outcome { get; init; }
}

/// <summary>Which messages are asked for.</summary>
public sealed record MessageQuery
{
    /// <summary>Those in one state; null for all.</summary>
    public MessageState? State { get; init; }

    /// <summary>Those with a smaller number than this: where the page before ended.</summary>
    public long? Before { get; init; }

    /// <summary>How many, 1 to 500.</summary>
    public int Top { get; init; } = 100;
}

/// <summary>What a message tells.</summary>
[JsonConverter(typeof(KebabEnum<MessageKind>))]
public enum MessageKind
{
    /// <summary>An alert was raised.</summary>
    Raised = 1,

    /// <summary>It reached a higher level.</summary>
    Upgraded = 2,

    /// <summary>It was lifted.</summary>
    Lifted = 3,

    /// <summary>Nobody acknowledged it in time, and it goes to the next step.</summary>
    Escalated = 4,

    /// <summary>There is something to do.</summary>
    Task = 5,

    /// <summary>It was withdrawn: its rule changed or rests, or its subject is watched no more. Nobody says that the danger is over.</summary>
    Withdrawn = 6,

    /// <summary>Words that were made ready before, by an automation or a scenario.</summary>
    Notice = 7,
}

/// <summary>By which way a message goes.</summary>
[JsonConverter(typeof(KebabEnum<MessageChannel>))]
public enum MessageChannel
{
    /// <summary>E-mail.</summary>
    Email = 1,

    /// <summary>A text message.</summary>
    Sms = 2,

    /// <summary>A call to a program, signed.</summary>
    Webhook = 3,
}

/// <summary>What came of a message.</summary>
[JsonConverter(typeof(KebabEnum<MessageState>))]
public enum MessageState
{
    /// <summary>It is to be sent, or sent again.</summary>
    Waiting = 1,

    /// <summary>It was taken.</summary>
    Sent = 2,

    /// <summary>It was not taken, and is not tried any more unless somebody says so.</summary>
    Failed = 3,

    /// <summary>It was never taken, and what it tells was over before it could be, or it was taken back: it is not sent any more.</summary>
    Superseded = 4,
}
