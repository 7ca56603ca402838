namespace Madang.Import;

/// <summary>What an import of shapes did, in numbers of places.</summary>
public sealed record PlacesSummary(string Kind, int Received, int Made, int Changed, int Unchanged);
