namespace Madang.Server.Hosting;

/// <summary>Which addresses programs call, and which people look at.</summary>
internal static class Doors
{
    private static readonly PathString[] ForPrograms = ["/sta", "/doors", "/api", "/live", "/health", "/openapi", "/assets", "/audit", "/mqtt", "/cap"];

    public static bool IsForPrograms(PathString path)
    {
        foreach (var door in ForPrograms)
        {
            if (path.StartsWithSegments(door))
            {
                return true;
            }
        }

        return false;
    }
}
