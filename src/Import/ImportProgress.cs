namespace Madang.Import;

/// <summary>How far an import is.</summary>
/// <param name="Lines">Lines read.</param>
/// <param name="AllLines">Lines in all.</param>
/// <param name="Count">How many of what is counted are in the city.</param>
/// <param name="Counted">What is counted: "Observations stored", or "Things made or found" for a file of stations without readings.</param>
public readonly record struct ImportProgress(long Lines, long AllLines, long Count, string Counted);
