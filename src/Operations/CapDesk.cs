using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Cap;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>
/// Warnings of other agencies: taken in, kept as they came, and read. Everybody reads what is public; what is not, and what
/// is no real warning, those who may read alerts.
/// </summary>
public sealed class CapDesk
{
    /// <summary>The most warnings of one answer.</summary>
    public const int MostAtOnce = 200;

    /// <summary>The name of an element is its sender's; the record keeps so much of it.</summary>
    private const int LongestField = 200;

    private const string Columns = "w.id AS Id, w.sender AS Sender, w.identifier AS Identifier, w.sent AS Sent, w.status AS Status, w.kind AS Kind, w.scope AS Scope, w.received_at AS ReceivedAt, w.expires AS Expires, w.ended_at AS EndedAt, w.told AS Told";

    /// <summary>The clocks of others may go wrong by this.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal CapDesk(IDatabase database, Recorder recorder, TimeProvider clock) => (this.database, this.recorder, this.clock) = (database, recorder, clock);

    /// <summary>Warnings, those that came last first.</summary>
    /// <param name="top">How many, 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="before">Those with a smaller number: where the page before ended.</param>
    /// <param name="cancel">Ends the work.</param>
    public Task<IReadOnlyList<CapReceived>> List(int top, long? before, CancellationToken cancel)
    {
        if (top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        return Query($"{(before is null ? "1 = 1" : "w.id < @before")} AND {Seen} ORDER BY w.id DESC LIMIT @top", new { before, top }, cancel);
    }

    /// <summary>Public warnings that are in force, those sent last first.</summary>
    public async Task<IReadOnlyList<CapReceived>> ListInForce(CancellationToken cancel) =>
        await Query("w.ended_at IS NULL AND w.expires > @now AND w.status = 'Actual' AND w.scope = 'Public' AND w.kind <> 'Cancel' ORDER BY w.sent DESC, w.id DESC LIMIT @top", new { now = clock.GetUtcNow().ToMicros(), top = MostAtOnce }, cancel);

    /// <summary>One warning; null when there is none of this number, or the caller may not see it.</summary>
    public async Task<CapReceived?> Find(long id, CancellationToken cancel) => (await Query($"w.id = @id AND {Seen}", new { id }, cancel)).SingleOrDefault();

    /// <summary>The bytes that came; null as with <see cref="Find"/>.</summary>
    public async Task<byte[]?> FindBody(long id, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<byte[]>($"SELECT w.body FROM cap_received w WHERE w.id = @id AND {Seen}", new { id }, read.Transaction);
    }

    /// <summary>Takes a message in. The same again changes nothing.</summary>
    /// <returns>What is kept, and whether it is new.</returns>
    /// <exception cref="InvalidInputException">It is no CAP 1.2 message, or has no end that is to come; with the element that is wrong.</exception>
    /// <exception cref="CityRuleException">The caller may not (403), or another message of this name is here (409).</exception>
    public async Task<(CapReceived Kept, bool IsNew)> Take(byte[] body, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!Caller.Current.MaySomewhere(Act.Write, Kinds.Warning))
        {
            throw new CityRuleException("not-allowed", "You may not hand in warnings.", 403);
        }

        try
        {
            var letter = CapReader.Read(body);
            var now = clock.GetUtcNow();
            Need(letter.Name.Sent <= now + Ahead, "alert.sent", "lies in the future");
            var (id, isNew) = await database.Write(scope => new CapInbox(scope, recorder).Keep(letter, body, now), cancel);
            return ((await Query("w.id = @id", new { id }, cancel))[0], isNew);
        }
        catch (InvalidInputException wrong)
        {
            // What was refused is on the record, with the element that was wrong.
            await recorder.Record(Caller.Current.Entry("warning.refuse", Act.Write, Kinds.Warning) with { Thing = wrong.Field.Length <= LongestField ? wrong.Field : wrong.Field[..LongestField], Result = RecordEntry.Refused });
            throw;
        }
    }

    private static bool MayRead => Caller.Current.MaySomewhere(Act.Read, Kinds.Alert);

    private static string Seen => MayRead ? "1 = 1" : "w.scope = 'Public' AND w.status = 'Actual'";

    private static void Need(bool holds, string field, string reason)
    {
        if (!holds)
        {
            throw new InvalidInputException(field, reason);
        }
    }

    private async Task<IReadOnlyList<CapReceived>> Query(string where, object values, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var read = await database.Read(cancel);
        return [.. (await read.Connection.QueryAsync<Row>($"SELECT {Columns} FROM cap_received w WHERE {where}", values, read.Transaction)).Select(row => row.Received(now))];
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Sender { get; init; } = "";

        public string Identifier { get; init; } = "";

        public long Sent { get; init; }

        public string Status { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Scope { get; init; } = "";

        public long ReceivedAt { get; init; }

        public long? Expires { get; init; }

        public long? EndedAt { get; init; }

        public string Told { get; init; } = "";

        public CapReceived Received(DateTimeOffset now) => new(
            Id, Sender, Identifier, IsoTime.FromMicros(Sent), Status, Kind, Scope, IsoTime.FromMicros(ReceivedAt), At(Expires), At(EndedAt),
            Status == "Actual" && Kind != "Cancel" && EndedAt is null && Expires > now.ToMicros(), JsonSerializer.Deserialize<IReadOnlyList<CapTold>>(Told)!);

        private static DateTimeOffset? At(long? micros) => micros is { } at ? IsoTime.FromMicros(at) : null;
    }
}
