namespace Madang.Import;

/// <summary>How far an import is: lines read, lines in all, Observations stored.</summary>
public readonly record struct ImportProgress(long Lines, long AllLines, long Stored);
