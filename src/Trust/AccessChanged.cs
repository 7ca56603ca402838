using Madang.Kernel;

namespace Madang.Trust;

/// <summary>A department, provider, grant or key was made, changed or ended: what callers may do must be asked anew.</summary>
/// <param name="Kind">The kind of thing, one of <see cref="Kinds"/>.</param>
public sealed record AccessChanged(string Kind) : IFact;
