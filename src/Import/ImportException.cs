namespace Madang.Import;

/// <summary>The import cannot go on: the city refuses, or cannot be reached. What was stored stays; running it again goes on from there.</summary>
public sealed class ImportException(string message, Exception? cause = null) : Exception(message, cause);
