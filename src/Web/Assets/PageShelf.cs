using System.IO.Compression;
using Madang.Kernel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Madang.Web.Assets;

/// <summary>
/// Pages that are the same for everybody who is not signed in: each is drawn once for each state of the city and given to all
/// who ask, compressed once for each way of compressing. On a day when everybody looks, a reader costs little more than a file.
/// </summary>
internal sealed class PageShelf(IServiceScopeFactory scopes)
{
    private const int MostPages = 256;
    private const long MostBytes = 32 << 20;

    private readonly SharedTexts<PageKey> pages = new(MostPages, MostBytes);

    /// <summary>The page of an address, drawn anew when <paramref name="state"/> is another than before.</summary>
    /// <param name="visit">A reader who is not signed in; the page may differ by address, look and origin, and by nothing else of the visit.</param>
    /// <param name="state">What names all that is shown: when anything of it changes, so must this.</param>
    /// <param name="parameters">The page's parameters, when it must be drawn.</param>
    /// <param name="request">Says how it may be compressed.</param>
    /// <param name="cancel">Ends the wait of this reader, not the drawing.</param>
    public async Task<IResult> Get<TPage>(Visit visit, string state, Func<Task<Dictionary<string, object?>>> parameters, HttpRequest request, CancellationToken cancel)
        where TPage : IComponent
    {
        if (visit.Me is not null)
        {
            throw new InvalidOperationException("a page of who is signed in is nobody else's");
        }

        var drawn = new PageKey(visit.Address, visit.Origin, visit.Look, state, "");
        var encoding = Choose(request);
        var page = await pages.Get(drawn with { Encoding = encoding }, async () => Compress(encoding, encoding == "" ? await Draw<TPage>(visit, parameters) : await pages.Get(drawn, () => Draw<TPage>(visit, parameters), CancellationToken.None)), cancel);
        return new SharedPage(page, encoding, new EntityTagHeaderValue($"\"{state}.{visit.Look}\"", isWeak: true));
    }

    /// <summary>As for a request of its own: that of the reader who came first may end before the page is drawn.</summary>
    private async Task<byte[]> Draw<TPage>(Visit visit, Func<Task<Dictionary<string, object?>>> parameters)
        where TPage : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        using var page = new MemoryStream();
        var (origin, address) = (new Uri(visit.Origin), visit.Language.Root + visit.Path);
        var context = new DefaultHttpContext
        {
            RequestServices = scope.ServiceProvider,
            Request = { Method = HttpMethods.Get, Scheme = origin.Scheme, Host = new HostString(origin.Authority), Path = PathString.FromUriComponent(address), QueryString = new QueryString(visit.Query) },
            Response = { Body = page },
        };
        await new RazorComponentResult<TPage>(await parameters()).ExecuteAsync(context);
        return page.ToArray();
    }

    private static byte[] Compress(string encoding, byte[] page)
    {
        if (encoding == "")
        {
            return page;
        }

        using var compressed = new MemoryStream();
        using (Stream packing = encoding == "br" ? new BrotliStream(compressed, CompressionLevel.Fastest) : new GZipStream(compressed, CompressionLevel.Fastest))
        {
            packing.Write(page);
        }

        return compressed.ToArray();
    }

    private static string Choose(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return Array.Find(["br", "gzip"], encoding => accepted.Any(value => value.Value == encoding && value.Quality is not 0)) ?? "";
    }

    private sealed record PageKey(string Address, string Origin, Look Look, string State, string Encoding);

    /// <summary>The bytes of a page; 304 for who has them.</summary>
    private sealed class SharedPage(byte[] page, string encoding, EntityTagHeaderValue tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (encoding != "")
            {
                httpContext.Response.Headers.ContentEncoding = encoding;
            }

            httpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
            return TypedResults.Bytes(page, "text/html; charset=utf-8", entityTag: tag).ExecuteAsync(httpContext);
        }
    }
}
