using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Record;

/// <summary><c>/account/record</c>: who looked at one's own data, in which role and what for.</summary>
internal static class ShowMyRecord
{
    private const int OnPage = 30;

    internal static async Task<IResult> Show(Visit visit, RecordBook book, HttpResponse response, [FromQuery] string? before, CancellationToken cancel)
    {
        response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<MyRecordPage>(new { Visit = visit, Found = await book.About(visit.Me!.Person, before, OnPage, cancel) });
    }
}
