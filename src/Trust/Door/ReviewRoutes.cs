using Microsoft.AspNetCore.Http;

namespace Madang.Trust.Door;

/// <summary><c>/api/audit/review</c>.</summary>
internal static class ReviewRoutes
{
    /// <summary>That a month was looked through, and what the reviewer says of it.</summary>
    public sealed record Body(string? Month, string? Note);

    internal static Task<RecordReview> Read(string? month, RecordReviews reviews, HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        return reviews.Read(month, cancel);
    }

    internal static Task<RecordReviewed> Sign(Body body, RecordReviews reviews, CancellationToken cancel) => reviews.Sign(body.Month, body.Note, cancel);
}
