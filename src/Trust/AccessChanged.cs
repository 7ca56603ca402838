using Madang.Kernel;

namespace Madang.Trust;

/// <summary>A department, provider, grant or key was made, changed or ended: what callers may do must be asked anew.</summary>
/// <param name="Kind">The kind of thing, as the record calls it.</param>
public sealed record AccessChanged(string Kind) : IFact;
