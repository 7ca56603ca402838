namespace Madang.Trust.Record.Log;

/// <summary>The record does not continue what was signed. Nothing more is signed until a person has looked: <c>./madang audit verify</c>.</summary>
internal sealed class RecordBrokenException(string reason) : Exception(reason);
