using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Webhooks;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing;

/// <summary>Makes, lists and switches webhooks. Whoever may write what belongs to a provider manages the webhooks made in its name; those of the city belong to who may write the city's own.</summary>
public sealed class WebhookDesk
{
    /// <summary>The most webhooks of a city: each is asked about with every commit.</summary>
    public const int Most = 200;

    private const string Image = "SELECT id, name, url, query, provider_id, state FROM webhooks WHERE id = @id";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly WebhookReaction reaction;
    private readonly WebhookSender sender;
    private readonly SensingOptions options;
    private readonly TimeProvider clock;

    internal WebhookDesk(IDatabase database, Recorder recorder, WebhookReaction reaction, WebhookSender sender, SensingOptions options, TimeProvider clock) =>
        (this.database, this.recorder, this.reaction, this.sender, this.options, this.clock) = (database, recorder, reaction, sender, options, clock);

    /// <summary>The webhooks that the caller manages, in order of id.</summary>
    public async Task<IReadOnlyList<Webhook>> List(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<Row>(
            """
            SELECT w.id AS Id, w.name AS Name, w.url AS Url, w.query AS Query, w.provider_id AS Provider, w.state AS State, w.delivered AS Delivered, w.dropped AS Dropped, w.last_at AS LastAt,
                   w.last_outcome AS LastOutcome, w.made_at AS MadeAt, (SELECT count(*) FROM webhook_deliveries d WHERE d.webhook_id = w.id) AS Waiting
            FROM webhooks w ORDER BY w.id
            """,
            null,
            read.Transaction);
        return [.. rows.Where(row => May(row.Provider)).Select(row => row.Webhook)];
    }

    /// <summary>Makes a webhook, and answers its number and its secret: the only time that is told.</summary>
    /// <exception cref="InvalidInputException">The name, the address or the query cannot be used.</exception>
    /// <exception cref="CityRuleException">There are as many as a city may have (409).</exception>
    public async Task<(long Id, string Secret)> Make(string? name, string? url, string? query, CancellationToken cancel)
    {
        if (name is not { Length: > 0 and <= 200 } || string.IsNullOrWhiteSpace(name))
        {
            throw new InvalidInputException("name", "is required: at most 200 characters");
        }

        var target = WebhookTargets.Read(url, options.WebhooksInside);
        WebhookQuery.Read(query, options.MaxExpandDepth);
        if (!options.WebhooksInside)
        {
            await WebhookTargets.DemandOutside(target, cancel);
        }

        var secret = WebhookMessage.MakeSecret();
        var id = await database.Write(
            async scope =>
            {
                if (await scope.Connection.ExecuteScalarAsync<long>("SELECT count(*) FROM webhooks", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-webhooks", $"A city has at most {Most} webhooks.", 409);
                }

                var made = await scope.Connection.ExecuteScalarAsync<long>(
                    $"INSERT INTO webhooks (name, url, query, secret, provider_id, state, made_at) VALUES (@name, @url, @query, @secret, @provider, {(int)WebhookState.On}, @now) RETURNING id",
                    new { name, url = target.AbsoluteUri, query, secret, provider = Caller.Current.Provider, now = clock.GetUtcNow().ToMicros() },
                    scope.Transaction);
                await recorder.Record(scope, Entry("webhook.make", made, Caller.Current.Provider) with { After = await RowImage.Read(scope, Image, new { id = made }) });
                return made;
            },
            cancel);
        reaction.Forget();
        return (id, secret);
    }

    /// <summary>Switches a webhook on or off. When it goes on, what waits for it is tried at once.</summary>
    /// <exception cref="CityRuleException">There is no such webhook (404).</exception>
    public async Task Switch(long id, bool on, CancellationToken cancel)
    {
        await Change(on ? "webhook.on" : "webhook.off", id, async scope =>
        {
            await scope.Connection.ExecuteAsync("UPDATE webhooks SET state = @state WHERE id = @id", new { id, state = (int)(on ? WebhookState.On : WebhookState.Off) }, scope.Transaction);
            await scope.Connection.ExecuteAsync("UPDATE webhook_deliveries SET attempts = 0, next_at = @now WHERE webhook_id = @id", new { id, now = clock.GetUtcNow().ToMicros() }, scope.Transaction);
        }, cancel);
        sender.Wake();
    }

    /// <summary>Deletes a webhook with what waits for it.</summary>
    /// <exception cref="CityRuleException">There is no such webhook (404).</exception>
    public Task Delete(long id, CancellationToken cancel) =>
        Change("webhook.delete", id, scope => scope.Connection.ExecuteAsync("DELETE FROM webhooks WHERE id = @id", new { id }, scope.Transaction), cancel);

    private async Task Change(string action, long id, Func<WriteScope, Task> change, CancellationToken cancel)
    {
        await database.Write(
            async scope =>
            {
                var found = await scope.Connection.QuerySingleOrDefaultAsync<Owner>("SELECT id AS Id, provider_id AS Provider FROM webhooks WHERE id = @id", new { id }, scope.Transaction);
                if (found is null || !May(found.Provider))
                {
                    throw new CityRuleException("not-found", string.Create(CultureInfo.InvariantCulture, $"Webhook {id} is not here."), 404);
                }

                var before = await RowImage.Read(scope, Image, new { id });
                await change(scope);
                await recorder.Record(scope, Entry(action, id, found.Provider) with { Before = before, After = await RowImage.Read(scope, Image, new { id }) });
            },
            cancel);
        reaction.Forget();
    }

    private static bool May(long? provider) => Caller.Current.May(Act.Write, Kinds.Thing, provider);

    private static RecordEntry Entry(string action, long id, long? provider) =>
        Caller.Current.Entry(action, Act.Write, Kinds.Thing, provider) with { Kind = "webhook", Thing = id.ToString(CultureInfo.InvariantCulture) };

    private sealed record Owner
    {
        public long Id { get; init; }

        public long? Provider { get; init; }
    }

    private sealed record Row
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Url { get; init; } = "";

        public string Query { get; init; } = "";

        public long? Provider { get; init; }

        public long State { get; init; }

        public long Delivered { get; init; }

        public long Dropped { get; init; }

        public long? LastAt { get; init; }

        public string? LastOutcome { get; init; }

        public long MadeAt { get; init; }

        public long Waiting { get; init; }

        public Webhook Webhook => new(Id, Name, Url, Query, (WebhookState)State, Waiting, Delivered, Dropped, LastAt is { } at ? IsoTime.FromMicros(at) : null, LastOutcome, IsoTime.FromMicros(MadeAt));
    }
}
