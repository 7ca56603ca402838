using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Webhooks;

/// <summary>Turns what was stored into messages for the webhooks whose query it meets. They are kept before they are sent; after a crash the last may come twice, with the same Observations.</summary>
internal sealed class WebhookReaction(IDatabase database, EntityReader reader, WebhookSender sender, IOptions<SensingOptions> options, TimeProvider clock) : IReaction<ObservationsStored>
{
    /// <summary>The most messages that wait for one webhook; the oldest are dropped, and counted.</summary>
    public const int MostWaiting = 10_000;

    private const int ObservationsAtOnce = 500;
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private IReadOnlyList<(long Id, WebhookQuery Query)> known = [];
    private DateTimeOffset knownAt = DateTimeOffset.MinValue;

    public async Task React(ObservationsStored fact, CancellationToken cancel)
    {
        if (await Active(cancel) is not { Count: > 0 } active)
        {
            return;
        }

        var messages = new List<(long Webhook, string Body)>();
        await using (var read = await database.Read(cancel))
        {
            foreach (var (id, query) in active)
            {
                foreach (var readings in fact.Readings.Where(readings => query.Datastream is null || query.Datastream == readings.Datastream))
                {
                    messages.AddRange((await Bodies(read, id, query, readings)).Select(body => (id, body)));
                }
            }
        }

        if (messages.Count > 0)
        {
            await database.Write(scope => Keep(scope, messages), cancel);
            sender.Wake();
        }
    }

    /// <summary>The webhooks that are on; asked of the store once a second at most, since facts come many times as often.</summary>
    private async Task<IReadOnlyList<(long Id, WebhookQuery Query)>> Active(CancellationToken cancel)
    {
        lock (gate)
        {
            if (clock.GetUtcNow() - knownAt < Remembered)
            {
                return known;
            }
        }

        await using var read = await database.Read(cancel);
        var rows = await read.Connection.QueryAsync<(long Id, string Query)>($"SELECT id, query FROM webhooks WHERE state = {(int)WebhookState.On} ORDER BY id", null, read.Transaction);
        var active = rows.Select(row => (row.Id, WebhookQuery.Read(row.Query, options.Value.MaxExpandDepth))).ToList();
        lock (gate)
        {
            (known, knownAt) = (active, clock.GetUtcNow());
        }

        return active;
    }

    /// <summary>Forgets which webhooks are on: one was made or changed here.</summary>
    public void Forget()
    {
        lock (gate)
        {
            knownAt = DateTimeOffset.MinValue;
        }
    }

    private async Task<List<string>> Bodies(ReadScope read, long webhook, WebhookQuery query, StoredReadings readings)
    {
        var bodies = new List<string>();
        var rest = readings;
        while (true)
        {
            var asked = query.Of(rest, ObservationsAtOnce) with { OrderBy = [new OrderKey(new PathExpression(["id"], 0), false)] };
            var page = await reader.ReadPage(read, database.Engine, Profile.V11.Of(SensorThingsModel.Observations), new Parent(WebhookQuery.FromDatastream, readings.Datastream), asked);
            if (page.Rows.Count > 0)
            {
                bodies.Add(Body(webhook, readings.Datastream, page, query.Options));
            }

            if (page.Rows.Count < ObservationsAtOnce)
            {
                return bodies;
            }

            rest = rest with { FirstId = page.Rows[^1].Id + 1 };
        }
    }

    private string Body(long webhook, long datastream, Page page, QueryOptions query)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Written))
        {
            var entities = new EntityJson((options.Value.PublicUrl?.TrimEnd('/') ?? "") + Profile.V11.Root);
            json.WriteStartObject();
            json.WriteNumber("webhook", webhook);
            json.WriteNumber("datastream", datastream);
            json.WriteStartArray("value");
            foreach (var row in page.Rows)
            {
                entities.WriteEntity(json, page.Shape, row, query);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private async Task Keep(WriteScope scope, List<(long Webhook, string Body)> messages)
    {
        var now = clock.GetUtcNow().ToMicros();
        await scope.Connection.ExecuteAsync(
            $"INSERT INTO webhook_deliveries (webhook_id, body, next_at) SELECT id, @Body, @now FROM webhooks WHERE id = @Webhook AND state = {(int)WebhookState.On}",
            messages.Select(message => new { message.Webhook, message.Body, now }),
            scope.Transaction);
        foreach (var webhook in messages.Select(message => message.Webhook).Distinct())
        {
            var dropped = await scope.Connection.ExecuteAsync(
                string.Create(CultureInfo.InvariantCulture, $"DELETE FROM webhook_deliveries WHERE webhook_id = @webhook AND id <= (SELECT id FROM webhook_deliveries WHERE webhook_id = @webhook ORDER BY id DESC LIMIT 1 OFFSET {MostWaiting})"),
                new { webhook },
                scope.Transaction);
            if (dropped > 0)
            {
                await scope.Connection.ExecuteAsync("UPDATE webhooks SET dropped = dropped + @dropped WHERE id = @webhook", new { webhook, dropped }, scope.Transaction);
            }
        }
    }
}
