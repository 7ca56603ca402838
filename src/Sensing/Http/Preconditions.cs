using Madang.Kernel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Madang.Sensing.Http;

/// <summary>
/// What a request says of the state that it knows (RFC 9110, 13.1.1 and 13.1.2). Tags are compared weakly also for If-Match: they
/// tell one state of an entity from another and not one coding of its bytes from another (as OData 4.01 Part 1, 8.2.4 and 8.3.1).
/// </summary>
internal static class Preconditions
{
    /// <summary>Whether a request that changes an entity says what it must, or must not, be now.</summary>
    public static bool AreSet(HttpRequest request) => request.Headers.IfMatch.Count > 0 || request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Refuses a change of an entity that is there with another tag than If-Match names, or with one that If-None-Match names.</summary>
    public static void Demand(HttpRequest request, string tag)
    {
        if (request.Headers.IfMatch is { Count: > 0 } wanted && !Names(wanted, tag))
        {
            throw Failed("The entity was changed since this If-Match was read. Read it again, and send the change with the ETag it has now.");
        }

        if (Names(request.Headers.IfNoneMatch, tag))
        {
            throw Failed("The entity is what If-None-Match says it must not be.");
        }
    }

    /// <summary>Whether a list of tags holds this one, or <c>*</c>, which any is.</summary>
    public static bool Names(StringValues header, string tag)
    {
        var opaque = Opaque(tag);
        return header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).Any(one => one == "*" || Opaque(one) == opaque);
    }

    private static string Opaque(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    private static CityRuleException Failed(string reason) => new("precondition-failed", reason, StatusCodes.Status412PreconditionFailed);
}
