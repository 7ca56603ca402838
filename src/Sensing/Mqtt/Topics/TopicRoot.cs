using Madang.Sensing.Model;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>
/// How topics begin: with the version, as the standard has it (<c>v1.1/Things</c>, OGC 18-088, 14.2), or with the whole path
/// as on the web (<c>sta/v1.1/Things</c>).
/// </summary>
internal sealed record TopicRoot(string Text, Profile Profile)
{
    private const string WebRoot = "sta/";

    public static readonly IReadOnlyList<TopicRoot> All = [.. Profile.All.SelectMany(Of)];

    /// <summary>Whose topics a wildcard in the place of the version stands for.</summary>
    public static readonly TopicRoot Usual = All.First(root => root.Profile == Profile.V11 && !root.Text.StartsWith(WebRoot, StringComparison.Ordinal));

    /// <summary>The root that a topic begins with, and what follows its slash; null when it begins with none.</summary>
    public static (TopicRoot Root, string Below)? Find(string topic)
    {
        foreach (var root in All)
        {
            if (topic.Length > root.Text.Length && topic[root.Text.Length] == '/' && topic.StartsWith(root.Text, StringComparison.Ordinal))
            {
                return (root, topic[(root.Text.Length + 1)..]);
            }
        }

        return null;
    }

    private static IEnumerable<TopicRoot> Of(Profile profile)
    {
        var path = profile.Root.Trim('/');
        yield return new TopicRoot(path, profile);
        if (path.StartsWith(WebRoot, StringComparison.Ordinal))
        {
            yield return new TopicRoot(path[WebRoot.Length..], profile);
        }
    }
}
