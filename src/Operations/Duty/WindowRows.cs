using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Duty;

/// <summary>Reads maintenance windows.</summary>
internal static class WindowRows
{
    /// <summary>True for a window that is over at <c>@now</c>.</summary>
    public const string IsOver = "until_at <= @now OR ended_at IS NOT NULL";

    public static async Task<IReadOnlyList<MaintenanceWindow>> List(ReadScope read, string condition, object parameters) =>
    [
        .. (await read.Connection.QueryAsync<Row>(
            $"SELECT id AS Id, scope AS Scope, from_at AS FromAt, until_at AS UntilAt, reason AS Reason, made_by AS MadeBy, made_at AS MadeAt, ended_by AS EndedBy, ended_at AS EndedAt FROM maintenance_windows WHERE {condition}",
            parameters, read.Transaction)).Select(row => row.Window),
    ];

    /// <summary>Those that last at a moment, and those that ended since another.</summary>
    public static Task<IReadOnlyList<MaintenanceWindow>> Since(ReadScope read, DateTimeOffset since, DateTimeOffset now) =>
        List(read, "from_at <= @now AND until_at > @since AND (ended_at IS NULL OR ended_at > from_at) ORDER BY CASE WHEN until_at > @now AND ended_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT @most", new { now = now.ToMicros(), since = since.ToMicros(), most = MaintenanceDesk.Most });

    private sealed record Row
    {
        public long Id { get; init; }

        public string Scope { get; init; } = "";

        public long FromAt { get; init; }

        public long UntilAt { get; init; }

        public string? Reason { get; init; }

        public string? MadeBy { get; init; }

        public long MadeAt { get; init; }

        public string? EndedBy { get; init; }

        public long? EndedAt { get; init; }

        public MaintenanceWindow Window => new(Id, JsonSerializer.Deserialize<MaintenanceScope>(Scope, RuleForm.Options)!, IsoTime.FromMicros(FromAt), IsoTime.FromMicros(UntilAt), Reason, MadeBy, IsoTime.FromMicros(MadeAt))
        {
            EndedAt = EndedAt is { } at ? IsoTime.FromMicros(at) : null, EndedBy = EndedBy,
        };
    }
}
