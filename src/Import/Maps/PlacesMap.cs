namespace Madang.Import.Maps;

/// <summary>What a GeoJSON file of shapes does not say about itself.</summary>
internal sealed class PlacesMap
{
    public string Kind { get; set; } = "district";

    /// <summary><c>adm</c> or <c>kostat</c>: whose codes the file uses. The same number means different districts in the two.</summary>
    public string? Codes { get; set; }

    public string? Source { get; set; }

    public string? Licence { get; set; }
}
