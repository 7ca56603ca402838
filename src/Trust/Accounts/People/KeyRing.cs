using System.Xml.Linq;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Madang.Trust.Accounts.People;

/// <summary>
/// The framework's keys (form tokens, the state of an external login) beside the people they protect: every server on the same
/// store has the same keys, and a backup has all that is needed. Sessions and links do not depend on them.
/// </summary>
internal sealed class KeyRing(IDatabase database, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => ReadAll().GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName)
    {
        var row = new { name = friendlyName, xml = element.ToString(SaveOptions.DisableFormatting), made = clock.GetUtcNow().ToMicros() };
        database.Write(scope => scope.Connection.ExecuteAsync("INSERT INTO trust_key_ring (name, xml, made) VALUES (@name, @xml, @made)", row, scope.Transaction), CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private async Task<IReadOnlyCollection<XElement>> ReadAll()
    {
        await using var read = await database.Read(CancellationToken.None).ConfigureAwait(false);
        var rows = await read.Connection.QueryAsync<string>("SELECT xml FROM trust_key_ring ORDER BY made", transaction: read.Transaction).ConfigureAwait(false);
        return [.. rows.Select(row => XElement.Parse(row))];
    }
}
