namespace Madang.Trust;

/// <summary>The names of the authorisation policies. Every route group names one; without a name a route is denied.</summary>
public static class Policies
{
    /// <summary>Reading what is public: anybody.</summary>
    public const string PublicRead = "public-read";

    /// <summary>Writing Things, Datastreams, Observations.</summary>
    public const string SensingWrite = "sensing-write";

    /// <summary>Writing places and their shapes.</summary>
    public const string PlacesWrite = "places-write";

    /// <summary>Pages of one's own account: whoever is signed in, each for himself.</summary>
    public const string SignedIn = "signed-in";
}
