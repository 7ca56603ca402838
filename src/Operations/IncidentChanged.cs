using Madang.Kernel;

namespace Madang.Operations;

/// <summary>Something happened to an incident: a line was written in its log.</summary>
/// <param name="Incident">Its number.</param>
/// <param name="Act">What.</param>
/// <param name="Stage">The word of the stage it is about; null for none.</param>
public sealed record IncidentChanged(long Incident, IncidentAct Act, string? Stage) : IFact;
