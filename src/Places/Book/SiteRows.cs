using System.Globalization;
using Dapper;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Places.Book;

/// <summary>Sites as they lie in their table. The district is no column: it follows from the shapes, which may change.</summary>
internal static class SiteRows
{
    private const string Columns = "kind, code, name, name_en AS NameEn, longitude, latitude, address, capacity, source, licence, base_year AS BaseYear, simulated";

    public static async Task<List<Site>> List(ReadScope read, Visibility visibility, string kind, bool simulated) =>
        (await read.Connection.QueryAsync<Site>(new CommandDefinition(
            $"SELECT {Columns} FROM sites s WHERE simulated = @simulated AND kind = @kind AND {visibility.Condition("sites", "s")}", new { kind, simulated }, read.Transaction, cancellationToken: read.Cancel))).AsList();

    /// <summary>All sites of a kind, for a change that must see every one of them.</summary>
    public static async Task<Dictionary<string, Site>> ListForChange(WriteScope scope, string kind, bool simulated)
    {
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("LOCK TABLE sites IN SHARE ROW EXCLUSIVE MODE", transaction: scope.Transaction);
        }

        return (await scope.Connection.QueryAsync<Site>($"SELECT {Columns} FROM sites WHERE simulated = @simulated AND kind = @kind", new { kind, simulated }, scope.Transaction)).ToDictionary(site => site.Code);
    }

    public static Task Save(WriteScope scope, IReadOnlyList<Site> sites) => scope.Connection.ExecuteAsync(
        """
        INSERT INTO sites (simulated, kind, code, name, name_en, longitude, latitude, address, capacity, source, licence, base_year)
        VALUES (@Simulated, @Kind, @Code, @Name, @NameEn, @Longitude, @Latitude, @Address, @Capacity, @Source, @Licence, @BaseYear)
        ON CONFLICT (simulated, kind, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, longitude = excluded.longitude, latitude = excluded.latitude,
            address = excluded.address, capacity = excluded.capacity, source = excluded.source, licence = excluded.licence, base_year = excluded.base_year
        """,
        sites,
        scope.Transaction);

    public static Task Remove(WriteScope scope, IReadOnlyList<Site> sites) =>
        scope.Connection.ExecuteAsync("DELETE FROM sites WHERE simulated = @Simulated AND kind = @Kind AND code = @Code", sites, scope.Transaction);

    /// <summary>All of a site as a line of text, for the record's digests.</summary>
    public static string Describe(Site site) => string.Create(
        CultureInfo.InvariantCulture,
        $"{site.Simulated}\t{site.Kind}\t{site.Code}\t{site.Name}\t{site.NameEn}\t{site.Longitude:R}\t{site.Latitude:R}\t{site.Address}\t{site.Capacity}\t{site.Source}\t{site.Licence}\t{site.BaseYear}\n");
}
