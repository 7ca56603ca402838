using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Madang.Bench;

/// <summary>The baseline of single POSTs: an ASP.NET endpoint that parses the same body, answers 201 and does nothing else.</summary>
internal static class EmptyEndpoint
{
    public static async Task<int> Serve(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.MapGet("/health", () => "ok");
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body);
            context.Response.StatusCode = json.RootElement.TryGetProperty("result", out _) ? 201 : 400;
        });
        await app.RunAsync();
        return 0;
    }
}
