using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Duty;
using Madang.Operations.Messages;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Something to do, of which a person is told.</summary>
/// <param name="Cause">A word of its own, such as <c>task:5</c>: a person is told of a cause once.</param>
/// <param name="Person">The id of an account.</param>
/// <param name="Title">What is to be done.</param>
/// <param name="About">Where, or what it belongs to.</param>
/// <param name="Path">The address of its page, without the language; null for none.</param>
/// <param name="Data">Real, or made up to try things out.</param>
/// <param name="IsUrgent">True when it breaks through quiet hours.</param>
public sealed record TaskLetter(string Cause, string Person, RuleText Title, RuleText About, string? Path, CityData Data, bool IsUrgent);

/// <summary>Who was told what and when, and what could not be told; for those who act on alerts.</summary>
public sealed class MessageDesk
{
    /// <summary>The most messages of one answer.</summary>
    public const int MostAtOnce = 500;

    private const string Image = "SELECT id, state, attempts, outcome FROM messages WHERE id = @id";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly TimeProvider clock;

    internal MessageDesk(IDatabase database, Recorder recorder, TimeProvider clock) => (this.database, this.recorder, this.clock) = (database, recorder, clock);

    /// <summary>Messages, the newest first.</summary>
    public async Task<IReadOnlyList<Message>> List(MessageQuery query, CancellationToken cancel)
    {
        DutyRights.Demand();
        if (query.Top is < 1 or > MostAtOnce)
        {
            throw new InvalidInputException("top", $"is a number from 1 to {MostAtOnce}");
        }

        await using var read = await database.Read(cancel);
        var names = (await ContactRow.List(read)).ToDictionary(contact => FormattableString.Invariant($"contact:{contact.Id}"), contact => contact.Name);
        var rows = await read.Connection.QueryAsync<Row>(
            $"""
            SELECT id AS Id, kind AS Kind, alert_id AS Alert, recipient AS Recipient, channel AS Channel, facts AS Facts, state AS State, attempts AS Attempts, next_at AS NextAt, made_at AS MadeAt, sent_at AS SentAt, outcome AS Outcome
            FROM messages WHERE {(query.State is null ? "1 = 1" : "state = @state")} AND {(query.Before is null ? "1 = 1" : "id < @before")} ORDER BY id DESC LIMIT @top
            """,
            new { state = (int?)query.State ?? 0, before = query.Before, top = query.Top }, read.Transaction);
        return [.. rows.Select(row => row.Message(names.GetValueOrDefault(row.Recipient)))];
    }

    /// <summary>How many messages were not taken and are not tried any more.</summary>
    public async Task<long> CountFailed(CancellationToken cancel)
    {
        DutyRights.Demand();
        await using var read = await database.Read(cancel);
        return await read.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM messages WHERE state = 3", null, read.Transaction);
    }

    /// <summary>Tries a message again that failed.</summary>
    /// <exception cref="CityRuleException">There is none of this number (404), it did not fail, or what it tells is over (409).</exception>
    public Task Retry(long id, CancellationToken cancel)
    {
        DutyRights.Demand();
        return database.Write(
            async scope =>
            {
                var before = await RowImage.Read(scope, Image, new { id }) ?? throw new CityRuleException("not-found", FormattableString.Invariant($"Message {id} is not here."), 404);
                if (await scope.Connection.ExecuteAsync("UPDATE messages SET state = 1, attempts = 0, next_at = @now WHERE id = @id AND state = 3", new { id, now = clock.GetUtcNow().ToMicros() }, scope.Transaction) == 0)
                {
                    throw new CityRuleException("not-failed", "Only what failed is tried again by hand.");
                }

                if (await MessageBox.Supersede(scope, "id = @id", id) > 0)
                {
                    throw new CityRuleException("message-stale", "The alert is over; it is not told any more that it was raised.");
                }

                await recorder.Record(scope, Caller.Current.Entry("message.retry", Act.Write, Kinds.Alert) with
                {
                    Kind = "message", Thing = id.ToString(CultureInfo.InvariantCulture), Before = before, After = await RowImage.Read(scope, Image, new { id }),
                });
            },
            cancel);
    }

    /// <summary>Tells a person that there is something to do, in the transaction of what causes it.</summary>
    public Task Tell(WriteScope scope, TaskLetter task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var facts = new MessageFacts { Title = task.Title, About = task.About, Path = task.Path, Data = task.Data };
        return MessageBox.ToPerson(scope, new(task.Cause, MessageKind.Task, null, facts, task.IsUrgent), task.Person, clock.GetUtcNow());
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public long Kind { get; init; }

        public long? Alert { get; init; }

        public string Recipient { get; init; } = "";

        public long Channel { get; init; }

        public string Facts { get; init; } = "";

        public long State { get; init; }

        public long Attempts { get; init; }

        public long NextAt { get; init; }

        public long MadeAt { get; init; }

        public long? SentAt { get; init; }

        public string? Outcome { get; init; }

        public Message Message(string? name) => new(Id, (MessageKind)Kind, Alert, Recipient, name, (MessageChannel)Channel, (MessageState)State, IsoTime.FromMicros(MadeAt))
        {
            Title = MessageText.Title((MessageKind)Kind, MessageFacts.Read(Facts)), Attempts = (int)Attempts, NextAt = State == (int)MessageState.Waiting ? IsoTime.FromMicros(NextAt) : null,
            SentAt = SentAt is { } at ? IsoTime.FromMicros(at) : null, Outcome = Outcome,
        };
    }
}
