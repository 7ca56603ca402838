using Madang.Kernel;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Web.Pages.Record;

/// <summary><c>/record</c>: who did what, for those who may read the record.</summary>
internal static class ShowRecord
{
    private const int OnPage = 50;

    internal static async Task<IResult> Show(Visit visit, [AsParameters] RecordAsked asked, RecordBook book, RecordHealth health, HttpResponse response, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        try
        {
            return Page(visit, asked, await book.Search(asked.Query(visit.Zone), OnPage, cancel), null, health, StatusCodes.Status200OK);
        }
        catch (InvalidInputException wrong)
        {
            return Page(visit, asked, null, wrong.Field, health, StatusCodes.Status400BadRequest);
        }
    }

    private static RazorComponentResult<RecordPage> Page(Visit visit, RecordAsked asked, Trust.RecordPage? found, string? wrong, RecordHealth health, int status) =>
        new(new { Visit = visit, Asked = asked, Found = found, Wrong = wrong, Checkpoint = health.FindCheckpoint(), health.Problem }) { StatusCode = status };
}
