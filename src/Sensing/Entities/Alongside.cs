using Madang.Sensing.Model;

namespace Madang.Sensing.Entities;

/// <summary>An entity that came or went together with the one that was asked for; the record names each.</summary>
/// <param name="Set">Of which set.</param>
/// <param name="Id">Which one.</param>
/// <param name="Before">What stood there, when it went.</param>
internal sealed record Alongside(EntitySet Set, long Id, ReadOnlyMemory<byte>? Before = null);
