using Madang.Kernel;

namespace Madang.Operations;

/// <summary>Something happened to an alert: a line was written in its story.</summary>
/// <param name="Alert">Its number.</param>
/// <param name="Act">What.</param>
/// <param name="Level">The number of its level since, from 1; 0 for none.</param>
public sealed record AlertChanged(long Alert, AlertAct Act, int Level) : IFact;
