namespace Madang.Import.City;

/// <summary>What a row says about its station. <c>PlaceNote</c> is set when the place is not the station's own, <c>PlaceUnknown</c> when it is a mere stand-in.</summary>
internal sealed record StationRow(string Key, string Name, string Description, IReadOnlyList<KeyValuePair<string, string>> Properties, double Longitude, double Latitude, string? PlaceNote, bool PlaceUnknown);
