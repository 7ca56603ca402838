using System.Globalization;
using Madang.Kernel;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;

namespace Madang.Sensing.Http;

/// <summary>One segment of a resource path: a name, and an id in parentheses behind it.</summary>
internal readonly record struct PathSegment(string Name, long? Id);

/// <summary>A resource path cut into its segments (OGC 18-088, 9.2): <c>Things(1)/Datastreams(2)/Observations</c>.</summary>
internal static class ResourcePath
{
    private const int MaxSegments = 12;

    /// <summary>The path of a request below its profile's root.</summary>
    public static List<PathSegment> Of(HttpRequest request, Profile profile) => Parse(request.Path.Value![profile.Root.Length..]);

    public static List<PathSegment> Parse(string? path)
    {
        var parts = (path ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaxSegments)
        {
            throw new InvalidInputException("path", $"has more than {MaxSegments} segments");
        }

        return [.. parts.Select(Segment)];
    }

    public static CityRuleException NotFound(string what) => new("not-found", $"{what} is not here.", 404);

    public static CityRuleException NoEntity(EntitySet set, long id) => NotFound(string.Create(CultureInfo.InvariantCulture, $"{set.Type} {id}"));

    /// <summary>The answer to a retry whose entity is not there any more.</summary>
    public static CityRuleException Gone(EntitySet set, long id) =>
        new("created-and-deleted", string.Create(CultureInfo.InvariantCulture, $"This key created {set.Type} {id}, which has been deleted since."), 410);

    private static PathSegment Segment(string part)
    {
        var open = part.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new PathSegment(part, null);
        }

        if (open == 0)
        {
            throw new InvalidInputException("path", $"'{part}' has no name before its parenthesis, such as Things(5)");
        }

        return part[^1] == ')' && long.TryParse(part.AsSpan()[(open + 1)..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? new PathSegment(part[..open], id)
            : throw new InvalidInputException("path", $"'{part}' does not end in an id such as (5); ids are whole numbers");
    }
}
