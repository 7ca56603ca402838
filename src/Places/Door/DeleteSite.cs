using Madang.Places.Book;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Madang.Places.Door;

/// <summary>Takes one site away.</summary>
internal static class DeleteSite
{
    /// <param name="kind">The kind of site.</param>
    /// <param name="code">Its code.</param>
    /// <param name="data">real (default) or simulated.</param>
    /// <param name="database">The store.</param>
    /// <param name="book">Forgets what it knew of the kind.</param>
    /// <param name="recorder">Records the change.</param>
    /// <param name="cancel">Fires when the caller gives up.</param>
    internal static async Task<Results<NoContent, NotFound>> Handle(string kind, string code, string? data, IDatabase database, SiteBook book, Recorder recorder, CancellationToken cancel)
    {
        var (known, simulated) = (SiteKind.Get(kind, "kind").Code, ReadSites.IsSimulated(data));
        var isThere = await database.Write(
            async scope =>
            {
                if (!(await SiteRows.ListForChange(scope, known, simulated)).TryGetValue(code, out var site))
                {
                    return false;
                }

                var thing = $"sites/{(simulated ? "simulated/" : "")}{known}";
                await SiteRows.Remove(scope, [site]);
                await recorder.Record(scope, Caller.Current.Entry("sites.remove", Act.Write, Kinds.Place) with { Thing = $"{thing}/{code}", Before = PutSites.Image([site]) });
                scope.Tell(new SitesChanged(known, simulated), thing);
                return true;
            },
            cancel);
        if (!isThere)
        {
            return TypedResults.NotFound();
        }

        book.Forget(known, simulated);
        return TypedResults.NoContent();
    }
}
