namespace Madang.Operations.Door;

/// <summary>What a text says: its kind, the snapshot it starts from (empty for none), the one it leads to, and the measure of its stations (empty for none).</summary>
internal readonly record struct TextKey(string Kind, string From, string To, string Measure);
