using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.Extensions.Hosting;

namespace Madang.Trust.Access;

/// <summary>Holds the house as it stands: read at the start, and anew whenever something in it changed, on whichever node.</summary>
internal sealed class HouseKeeper(IDatabase database, Recorder recorder, TimeProvider clock) : IHostedService, IReaction<AccessChanged>, IDisposable
{
    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile House house = House.Empty;

    public House House => house;

    public Task StartAsync(CancellationToken cancellationToken) => Reload(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task React(AccessChanged fact, CancellationToken cancel) => Reload(cancel);

    public void Dispose() => reading.Dispose();

    /// <summary>Changes something, records it with the change, and answers when everybody on this node is asked by the new house.</summary>
    public async Task<T> Change<T>(Deed deed, Func<WriteScope, long, Task<T>> change, CancellationToken cancel)
    {
        var answer = await database.Write(
            async scope =>
            {
                var before = deed.Id is null ? null : await RowImage.Read(scope, deed.Image, new { id = deed.Id });
                var made = await change(scope, clock.GetUtcNow().ToMicros());
                var id = deed.Id ?? made;
                var after = await RowImage.Read(scope, deed.Image, new { id });
                await recorder.Record(scope, deed.Entry with { Thing = deed.Entry.Thing ?? Convert.ToString(id, CultureInfo.InvariantCulture), Before = before, After = after });
                scope.Tell(new AccessChanged(deed.Entry.Kind ?? ""), "access");
                return made;
            },
            cancel);
        await Reload(CancellationToken.None);
        return answer;
    }

    public async Task Reload(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        try
        {
            await using var read = await database.Read(cancel);
            house = new House(
                await HouseRows.Departments(read, null), await HouseRows.Providers(read), await HouseRows.Grants(read, clock.GetUtcNow()), await HouseRows.Keys(read, clock.GetUtcNow()), await HouseRows.Limits(read));
        }
        finally
        {
            reading.Release();
        }
    }
}

/// <summary>The rows of the house.</summary>
internal static class HouseRows
{
    /// <summary>The departments as they were at a moment; null is now.</summary>
    public static async Task<IEnumerable<Department>> Departments(ReadScope read, DateTimeOffset? at)
    {
        var rows = await read.Connection.QueryAsync<DepartmentRow>(
            $"""
            SELECT d.id AS Id, d.code AS Code, v.name_ko AS NameKo, v.name_en AS NameEn, v.parent_id AS Parent, v.from_time AS FromTime, d.closed_at AS ClosedAt, d.successor_id AS Successor
            FROM trust_departments d JOIN trust_department_versions v ON v.department_id = d.id
            WHERE {(at is null ? "v.to_time IS NULL" : "v.from_time <= @at AND (v.to_time IS NULL OR v.to_time > @at) AND (d.closed_at IS NULL OR d.closed_at > @at)")} ORDER BY d.code
            """,
            new { at = at?.ToMicros() },
            read.Transaction);
        return rows.Select(row => new Department(row.Id, row.Code, row.NameKo, row.NameEn, row.Parent, IsoTime.FromMicros(row.FromTime), Time(row.ClosedAt), row.Successor));
    }

    /// <summary>What a department was, the latest first.</summary>
    public static async Task<IReadOnlyList<DepartmentVersion>> Versions(ReadScope read, long department, int most)
    {
        var rows = await read.Connection.QueryAsync<(long From, long? To, string Ko, string En, long? Parent)>(
            "SELECT from_time, to_time, name_ko, name_en, parent_id FROM trust_department_versions WHERE department_id = @department ORDER BY from_time DESC LIMIT @most", new { department, most }, read.Transaction);
        return [.. rows.Select(row => new DepartmentVersion(IsoTime.FromMicros(row.From), Time(row.To), row.Ko, row.En, row.Parent))];
    }

    public static async Task<IEnumerable<Provider>> Providers(ReadScope read)
    {
        var rows = await read.Connection.QueryAsync<ProviderRow>(
            "SELECT id AS Id, code AS Code, name AS Name, description AS Description, department_id AS Department, parent_id AS Parent, is_public AS IsPublic, closed_at AS ClosedAt FROM trust_providers ORDER BY code",
            transaction: read.Transaction);
        return rows.Select(row => new Provider(row.Id, row.Code, row.Name, row.Description, row.Department, row.Parent, row.IsPublic, Time(row.ClosedAt)));
    }

    /// <summary>Those that hold now or will.</summary>
    public static async Task<IEnumerable<Grant>> Grants(ReadScope read, DateTimeOffset now)
    {
        var rows = await read.Connection.QueryAsync<GrantRow>(
            "SELECT id AS Id, person AS Person, role AS Role, department_id AS Department, purpose AS Purpose, from_time AS FromTime, to_time AS ToTime, given_by AS GivenBy FROM trust_grants WHERE to_time IS NULL OR to_time > @now ORDER BY id",
            new { now = now.ToMicros() },
            read.Transaction);
        return rows.Select(row => new Grant(row.Id, row.Person, row.Role, row.Department, row.Purpose, IsoTime.FromMicros(row.FromTime), Time(row.ToTime), row.GivenBy));
    }

    /// <summary>Those that are neither revoked nor out of date.</summary>
    public static Task<IEnumerable<DeviceKey>> Keys(ReadScope read, DateTimeOffset now) =>
        Keys(read, "(revoked_at IS NULL OR revoked_at > @now) AND (expires_at IS NULL OR expires_at > @now)", new { now = now.ToMicros() });

    public static async Task<IEnumerable<DeviceKey>> Keys(ReadScope read, string condition, object parameters, string order = "made_at, id")
    {
        var rows = await read.Connection.QueryAsync<KeyRow>(
            $"""
            SELECT id AS Id, name AS Name, provider_id AS Provider, scopes AS Scopes, secret_digest AS Digest, per_second AS PerSecond, per_day AS PerDay, made_at AS MadeAt, made_by AS MadeBy,
                   expires_at AS ExpiresAt, revoked_at AS RevokedAt, replaces AS Replaces, last_used_at AS LastUsedAt, used_on_day AS UsedOnDay, used_that_day AS UsedThatDay
            FROM trust_keys WHERE {condition} ORDER BY {order}
            """,
            parameters,
            read.Transaction);
        return rows.Select(row => new DeviceKey(
            row.Id, row.Name, row.Provider, row.Scopes.Split(' '), (int)row.PerSecond, (int)row.PerDay, IsoTime.FromMicros(row.MadeAt), row.MadeBy, Time(row.ExpiresAt), Time(row.RevokedAt), row.Replaces, Time(row.LastUsedAt))
        { Digest = row.Digest, UsedOnDay = row.UsedOnDay, UsedThatDay = row.UsedThatDay });
    }

    /// <summary>Those in force.</summary>
    public static async Task<IEnumerable<Limit>> Limits(ReadScope read)
    {
        var rows = await read.Connection.QueryAsync<LimitRow>(
            "SELECT id AS Id, kind AS Kind, subject AS Subject, per_second AS PerSecond, burst AS Burst, note AS Note, from_time AS FromTime, set_by AS SetBy FROM trust_limits WHERE to_time IS NULL ORDER BY kind, subject", transaction: read.Transaction);
        return rows.Select(row => new Limit(row.Id, row.Kind, row.Subject, (int)row.PerSecond, (int)row.Burst, row.Note, IsoTime.FromMicros(row.FromTime), row.SetBy));
    }

    private static DateTimeOffset? Time(long? micros) => micros is { } known ? IsoTime.FromMicros(known) : null;

    private sealed class DepartmentRow
    {
        public long Id { get; init; }

        public required string Code { get; init; }

        public required string NameKo { get; init; }

        public required string NameEn { get; init; }

        public long? Parent { get; init; }

        public long FromTime { get; init; }

        public long? ClosedAt { get; init; }

        public long? Successor { get; init; }
    }

    private sealed class ProviderRow
    {
        public long Id { get; init; }

        public required string Code { get; init; }

        public required string Name { get; init; }

        public required string Description { get; init; }

        public long Department { get; init; }

        public long? Parent { get; init; }

        public bool IsPublic { get; init; }

        public long? ClosedAt { get; init; }
    }

    private sealed class GrantRow
    {
        public long Id { get; init; }

        public required string Person { get; init; }

        public required string Role { get; init; }

        public long? Department { get; init; }

        public required string Purpose { get; init; }

        public long FromTime { get; init; }

        public long? ToTime { get; init; }

        public required string GivenBy { get; init; }
    }

    private sealed class LimitRow
    {
        public long Id { get; init; }

        public required string Kind { get; init; }

        public string? Subject { get; init; }

        public long PerSecond { get; init; }

        public long Burst { get; init; }

        public required string Note { get; init; }

        public long FromTime { get; init; }

        public required string SetBy { get; init; }
    }

    private sealed class KeyRow
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public long? Provider { get; init; }

        public required string Scopes { get; init; }

        public required byte[] Digest { get; init; }

        public long PerSecond { get; init; }

        public long PerDay { get; init; }

        public long MadeAt { get; init; }

        public required string MadeBy { get; init; }

        public long? ExpiresAt { get; init; }

        public long? RevokedAt { get; init; }

        public string? Replaces { get; init; }

        public long? LastUsedAt { get; init; }

        public long UsedOnDay { get; init; }

        public long UsedThatDay { get; init; }
    }
}
