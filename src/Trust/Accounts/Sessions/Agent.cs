namespace Madang.Trust.Accounts.Sessions;

/// <summary>A browser in words. The header itself says more about a person than a list of devices needs.</summary>
internal static class Agent
{
    /// <summary>In the order in which they must be asked for: most browsers claim to be others too.</summary>
    private static readonly (string Mark, string Name)[] Browsers =
        [("Whale/", "Whale"), ("SamsungBrowser/", "Samsung Internet"), ("KAKAOTALK", "KakaoTalk"), ("NAVER(", "NAVER"), ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary><c>Chrome · Windows</c>; empty when neither is known.</summary>
    public static string Words(string? header) => string.Join(" · ", ((string?[])[Find(Browsers, header), Find(Systems, header)]).OfType<string>());

    private static string? Find((string Mark, string Name)[] known, string? header) =>
        known.FirstOrDefault(one => header?.Contains(one.Mark, StringComparison.OrdinalIgnoreCase) == true).Name;
}
