using Madang.Trust.Record.Log;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Trust.Door;

/// <summary>
/// <c>/audit</c>: the record's log as anybody who verifies it asks for it (C2SP tlog-tiles). Hashes are everybody's; entries are
/// for who may read the record, since they tell when somebody did what, though not who.
/// </summary>
internal static class LogRoutes
{
    private const string Text = "text/plain; charset=utf-8", Bytes = "application/octet-stream", KeyFile = "key.pub";

    /// <summary>A full tile never changes; a partial one is there until the full one is; a checkpoint is new every second.</summary>
    private const string ForEver = "public, max-age=31536000, immutable", ForADay = "public, max-age=86400", ForAMoment = "public, max-age=2";

    internal static Results<FileContentHttpResult, NotFound> Checkpoint(RecordLog log, HttpResponse response) => Answer(log, TilePath.Checkpoint, Text, ForAMoment, response);

    internal static Results<FileContentHttpResult, NotFound> Key(RecordLog log, HttpResponse response) => Answer(log, KeyFile, Text, ForADay, response);

    internal static Results<FileContentHttpResult, NotFound> Tile(string level, [FromRoute] string index, RecordLog log, HttpResponse response) =>
        TilePath.TryReadLevel(level) is { } height && TilePath.TryRead(index) is var (number, width)
            ? Answer(log, TilePath.Tile(height, number, width), Bytes, width == TilePath.Width ? ForEver : ForADay, response)
            : TypedResults.NotFound();

    /// <summary>Kept by nobody on the way: who may see it is decided each time.</summary>
    internal static Results<FileContentHttpResult, NotFound> Entries([FromRoute] string index, RecordLog log, HttpResponse response) =>
        TilePath.TryRead(index) is var (number, width) ? Answer(log, TilePath.Entries(number, width), Bytes, "private, no-store", response) : TypedResults.NotFound();

    /// <summary>The path is always one that <see cref="TilePath"/> wrote, never one that was sent.</summary>
    private static Results<FileContentHttpResult, NotFound> Answer(RecordLog log, string path, string type, string caching, HttpResponse response)
    {
        if (log.Folder.Reader.Find(path) is not { } bytes)
        {
            return TypedResults.NotFound();
        }

        response.Headers.CacheControl = caching;
        return TypedResults.File(bytes, type);
    }
}
