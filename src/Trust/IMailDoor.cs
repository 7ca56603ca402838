using Madang.Kernel;

namespace Madang.Trust;

/// <summary>A letter to one person.</summary>
/// <param name="To">The address of e-mail.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Plain text.</param>
public sealed record Letter(string To, string Subject, string Text);

/// <summary>How letters leave the house: a mail server, or a folder of files.</summary>
[Plug("A city may have a mail service of its own.")]
public interface IMailDoor
{
    /// <summary>Hands a letter over; throws when it was not taken.</summary>
    Task Send(Letter letter, CancellationToken cancel);
}
