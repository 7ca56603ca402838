namespace Madang.Storage;

/// <summary>What a table holds: a SHA-256 over its rows in the order of their keys. The same rows on the same engine have the same digest.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Sha256">The digest, in small hexadecimal letters.</param>
public sealed record TableDigest(string Name, long Rows, string Sha256);
