using Microsoft.AspNetCore.Http.Metadata;

namespace Madang.Server.Hosting;

/// <summary>A route that reads a form is given nothing else: the binding that is compiled with the code takes a request without a Content-Type for a mistake of the server's.</summary>
internal static class FormsOnly
{
    public static RequestDelegate Before(RequestDelegate next) => context =>
        !context.Request.HasFormContentType && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is { IsOptional: false } accepts && accepts.ContentTypes.Any(IsForm)
            ? Problems.Write(context, StatusCodes.Status415UnsupportedMediaType, "unsupported-type", "A form is asked for here.")
            : next(context);

    private static bool IsForm(string type) => type is "application/x-www-form-urlencoded" or "multipart/form-data";
}
