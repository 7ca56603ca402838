using System.Collections.Concurrent;
using System.Net;
using Dapper;
using Madang.Sensing.Mqtt.Packets;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>The store goes away under devices that publish with QoS 1, and comes back: what it cannot take is not acknowledged, and nothing is lost or there twice.</summary>
public sealed class FaultTests
{
    private const int Senders = 4, InFlight = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSQL_is_stopped_and_started_under_load_and_acknowledgements_wait_for_it()
    {
        if (PostgresCluster.Skipped)
        {
            Assert.Skip("MADANG_SKIP_POSTGRES=1: not run on PostgreSQL.");
        }

        await using var cluster = await PostgresCluster.OfOne();
        await using var store = await TestStore.Create(Engine.Sqlite);
        var database = await cluster.CreateDatabase();
        var city = await TestCity.Start(store, settings => (settings["Storage:Postgres"], settings["Mqtt:Listen"]) = (database, "127.0.0.1:0"));
        await using var sta = new Sta(city);
        await sta.CreateDatastream();
        await using var load = await Load.Start(sta);
        for (var round = 0; round < 3; round++)
        {
            await load.Until(500);
            await cluster.Stop();
            await load.IsHeld();
            var answer = await city.Client.GetAsync("/sta/v1.1/Things", Cancel);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
            await cluster.StartAgain();
        }

        await load.Until(500);
        await load.Finish();
    }

    [Fact]
    public async Task A_full_disk_holds_acknowledgements_until_there_is_room()
    {
        await using var sta = await MqttCity.Start(Engine.Sqlite);
        await using var load = await Load.Start(sta);
        for (var round = 0; round < 3; round++)
        {
            await load.Until(500);
            // As many pages as there are: SQLite then answers as on a full disk (SQLITE_FULL).
            await MostPages(sta, 1);
            await load.IsHeld();
            var answer = await sta.Post("Things", $$"""{ "name": "n", "description": "{{new string('a', 200_000)}}" }""", HttpStatusCode.ServiceUnavailable);
            Assert.Equal("storage-full-or-failing", (string)answer["code"]!);
            await MostPages(sta, int.MaxValue - 1);
        }

        await load.Until(500);
        await load.Finish();
    }

    private static Task MostPages(Sta sta, int pages) =>
        sta.City.Services.GetRequiredService<IDatabase>().Write(scope => scope.Connection.ExecuteAsync($"PRAGMA max_page_count = {pages}", transaction: scope.Transaction), Cancel);

    /// <summary>Devices that publish numbers, each a number once, some at a time.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly Sta sta;
        private readonly ConcurrentDictionary<int, Reason> acknowledged = new();
        private readonly CancellationTokenSource enough = new();
        private readonly List<MqttClient> clients = [];
        private Task[] sending = [];
        private int sent;

        private Load(Sta sta) => this.sta = sta;

        public static async Task<Load> Start(Sta sta)
        {
            var load = new Load(sta);
            for (var number = 0; number < Senders; number++)
            {
                load.clients.Add(await MqttClient.Connect(sta.City, number % 2 == 0 ? MqttVersion.V5 : MqttVersion.V311));
            }

            load.sending = [.. load.clients.Select(client => Task.Run(() => load.Send(client), Cancel))];
            return load;
        }

        /// <summary>Waits until so many more were acknowledged.</summary>
        public async Task Until(int more)
        {
            var goal = acknowledged.Count + more;
            for (var tries = 0; acknowledged.Count < goal; tries++)
            {
                Assert.True(tries < 1200, $"{acknowledged.Count} of {goal} were acknowledged");
                Assert.DoesNotContain(sending, one => one.IsFaulted);
                await Task.Delay(25, Cancel);
            }
        }

        /// <summary>Acknowledgements have stopped, and every device still waits for some.</summary>
        public async Task IsHeld()
        {
            int before;
            do
            {
                before = acknowledged.Count;
                await Task.Delay(500, Cancel);
            }
            while (acknowledged.Count > before);

            Assert.True(sent > before, $"all {sent} were acknowledged");
            Assert.DoesNotContain(sending, one => one.IsCompleted);
        }

        /// <summary>Ends the load, and finds every number once that was sent.</summary>
        public async Task Finish()
        {
            await enough.CancelAsync();
            await Task.WhenAll(sending);
            Assert.Equal(sent, acknowledged.Count);
            Assert.All(acknowledged.Values, reason => Assert.Equal(Reason.Success, reason));
            var counts = new Dictionary<int, int>();
            for (var next = "Datastreams(1)/Observations?$select=result&$top=10000"; next is not null;)
            {
                var page = await sta.Get(next);
                foreach (var observation in page["value"]!.AsArray())
                {
                    var number = (int)observation!["result"]!;
                    counts[number] = counts.GetValueOrDefault(number) + 1;
                }

                next = (string?)page["@iot.nextLink"];
            }

            Assert.Equal(sent, counts.Count);
            Assert.All(counts, one => Assert.Equal(1, one.Value));
        }

        public async ValueTask DisposeAsync()
        {
            await enough.CancelAsync();
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }

            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            enough.Dispose();
        }

        private async Task Send(MqttClient client)
        {
            while (!enough.IsCancellationRequested)
            {
                var first = Interlocked.Add(ref sent, InFlight) - InFlight;
                for (ushort id = 1; id <= InFlight; id++)
                {
                    await client.SendPublish("v1.1/Datastreams(1)/Observations", $$"""{"result": {{first + id}}}""", 1, id);
                }

                for (var heard = 0; heard < InFlight; heard++)
                {
                    var ack = await client.Next<AckPacket>();
                    acknowledged[first + ack.Id] = ack.Reason;
                }
            }
        }
    }
}
