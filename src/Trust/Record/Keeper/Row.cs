namespace Madang.Trust.Record.Keeper;

/// <summary>An entry as it is stored: nothing personal is left in it.</summary>
internal sealed record Row(
    long Moment, string Action, string Who, string? Role, string? Purpose, string? Kind, string? Thing, string? Address, string? Trace, string Result, byte[] Leaf);
