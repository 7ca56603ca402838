using System.Net;

namespace Madang.Trust.Access;

/// <summary>A request as far as it matters to who may do what, and to the record: by whom, from where, the path when it only reads, and the trace that its answer names.</summary>
internal sealed record Asking(Caller By, IPAddress? Address, string? PathRead, string? Trace);
