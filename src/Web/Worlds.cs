using Madang.Operations;

namespace Madang.Web;

/// <summary>The two worlds as words in addresses and in styles.</summary>
public static class Worlds
{
    /// <summary><c>simulated</c> or <c>real</c>.</summary>
    public static string ToWord(this CityData data) => data == CityData.Simulated ? "simulated" : "real";

    /// <summary>The other of the two.</summary>
    public static CityData Other(this CityData data) => data == CityData.Simulated ? CityData.Real : CityData.Simulated;

    /// <summary>Reads <c>?data=</c>. A page is lenient: a choice that does not exist is no choice.</summary>
    public static CityData? Parse(string? word) => word switch
    {
        "real" => CityData.Real,
        "simulated" => CityData.Simulated,
        _ => null,
    };
}
