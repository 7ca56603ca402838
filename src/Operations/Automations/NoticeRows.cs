using Dapper;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Operations.Automations;

/// <summary>Reads what everybody is told now.</summary>
internal sealed class NoticeRows(IDatabase database, TimeProvider clock)
{
    private const int Most = 500;

    /// <summary>The notices of a world that are up, those of the whole city first, then the newest.</summary>
    public async Task<IReadOnlyList<CityNotice>> List(CityData data, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Id, string? District, string Ko, string En, long From, long Until)>(
            "SELECT id, district, text_ko, text_en, from_at, until_at FROM city_notices WHERE simulated = @simulated AND ended_at IS NULL AND until_at > @now ORDER BY CASE WHEN district IS NULL THEN 0 ELSE 1 END, id DESC LIMIT @Most",
            new { simulated = data == CityData.Simulated ? 1 : 0, now = clock.GetUtcNow().ToMicros(), Most }, read.Transaction);
        return [.. rows.Select(row => new CityNotice(row.Id, row.District, new(row.Ko, row.En), data, IsoTime.FromMicros(row.From), IsoTime.FromMicros(row.Until)))];
    }
}
