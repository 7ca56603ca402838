using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Madang.Operations;
using Madang.Operations.Messages;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Madang.Tests.Operations.Duty;

/// <summary>Who is told by which way, when, and what becomes of what is not taken.</summary>
public sealed class MessageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task What_is_not_taken_is_tried_again_and_then_failed_and_can_be_tried_by_hand(Engine engine)
    {
        var mail = new FlakyMail();
        await using var sta = await DutyScene.Open(engine, services: services => services.AddSingleton<IMailDoor>(mail));
        await sta.PutRoster("\"dust\"", 1_000, await sta.AddPeople("first"));
        await sta.PutDust();
        await sta.Raise();

        foreach (var (minutes, attempt) in ((int, int)[])[(0, 1), (1, 2), (5, 3), (15, 4), (60, 5)])
        {
            await sta.Pass(minutes * 0.9);
            Assert.True(minutes == 0 || mail.Tried < attempt);
            await sta.Pass(minutes * 0.1);
            await sta.UntilMessages(messages => messages.Count == 1 && (int)messages[0]["attempts"]! == attempt && messages[0]["outcome"] is not null && (string)messages[0]["state"]! == (attempt == 5 ? "failed" : "waiting"));
        }

        var failed = Assert.Single(await sta.Messages("?state=failed"));
        Assert.Equal("mail server: MailboxUnavailable", (string)failed["outcome"]!);
        Assert.DoesNotContain("city.example", failed.ToJsonString(), StringComparison.Ordinal);
        await sta.Pass(1_000);
        Assert.Equal(5, mail.Tried);
        mail.Fails = false;
        await sta.Post($"/api/messages/{(long)failed["id"]!}/retry", "{}", HttpStatusCode.NoContent);
        await sta.UntilMessages(messages => (string)messages[0]["state"]! == "sent" && messages[0]["sentAt"] is not null);
        await sta.Post($"/api/messages/{(long)failed["id"]!}/retry", "{}", HttpStatusCode.Conflict);
        await sta.Post("/api/messages/999/retry", "{}", HttpStatusCode.NotFound);
        Assert.Single(mail.Letters);
    }

    [Theory, BothEngines]
    public async Task Quiet_hours_hold_what_can_wait_until_morning_and_a_warning_breaks_through(Engine engine)
    {
        await using var sta = await DutyScene.Open(engine, settings => settings["Sms:Folder"] = Path.Combine(settings["Storage:Data"] ?? Path.GetTempPath(), "sms"));
        var people = await sta.AddPeople("first");
        await sta.PutRoster("\"dust\"", 1_000, people);
        await sta.Post("/api/messages/contacts", $$"""{ "name": "당직폰", "person": "{{people[0]}}", "phone": "010-0000-0000", "quietFrom": "22:00", "quietUntil": "07:00" }""");
        await sta.PutDust(AlertScene.High + "," + AlertScene.Higher);
        sta.City.Clock!.Advance(TimeSpan.FromHours(14)); // 23:00 in Seoul
        var one = await sta.CreateDatastream();
        await sta.Observe(one, (840, 80));
        await sta.Until(alerts => alerts.Count == 1);

        var held = await sta.UntilMessages(messages => messages.Count == 2 && messages.All(message => (string?)message["outcome"] == "quiet-hours"));
        Assert.All(held, message => Assert.Equal(("waiting", 0, "2026-07-19T22:00:00+00:00"), ((string)message["state"]!, (int)message["attempts"]!, (string)message["nextAt"]!)));
        await sta.Observe(one, (841, 200));
        await sta.UntilMessages(messages => messages.Count == 4 && messages.Where(message => (string)message["kind"]! == "upgraded").All(message => (string)message["state"]! == "sent"));
        await sta.Pass(7.9 * 60);
        Assert.Equal(2, (await sta.Messages("?state=waiting")).Count);
        await sta.Pass(7);
        await sta.UntilMessages(messages => messages.All(message => (string)message["state"]! == "sent"));
    }

    [Theory, BothEngines]
    public async Task Who_wants_to_know_of_a_rule_is_told_by_every_way_it_gave(Engine engine)
    {
        await using var receiver = await Receiver.Start();
        await using var sta = await DutyScene.Open(engine, settings =>
            (settings["Sensing:WebhooksInside"], settings["Sms:Url"], settings["Sms:Key"], settings["Sms:Inside"]) = ("true", receiver.Url + "sms", "key-1234", "true"));
        var secret = (string)(await sta.Post("/api/messages/contacts", $$"""{ "name": "도시과", "url": "{{receiver.Url}}hook", "email": "office@city.example", "phone": "02-000-0000", "language": "en", "rules": ["dust"] }"""))["secret"]!;
        await sta.Post("/api/messages/contacts", """{ "name": "다른 과", "email": "other@city.example", "rules": ["smoke"] }""");
        await sta.PutDust();
        var alert = await sta.Raise();

        await sta.UntilMessages(messages => messages.Count == 3 && messages.All(message => (string)message["state"]! == "sent"));
        Assert.Equal(["raised contact:1 email", "raised contact:1 sms", "raised contact:1 webhook"], (await sta.Told()).Order());
        var sms = receiver.Messages.Single(message => message.Path == "/sms");
        Assert.Equal("Bearer key-1234", sms.Headers["authorization"]);
        Assert.Equal("02-000-0000", (string)JsonNode.Parse(sms.Body)!["to"]!);
        Assert.StartsWith("[Madang, simulated] 종로 1: high", (string)JsonNode.Parse(sms.Body)!["text"]!, StringComparison.Ordinal);
        var hook = receiver.Messages.Single(message => message.Path == "/hook");
        Assert.Equal(Madang.Sensing.Webhooks.WebhookMessage.Sign(secret, hook.Headers["webhook-id"], long.Parse(hook.Headers["webhook-timestamp"], null), hook.Body), hook.Headers["webhook-signature"]);
        var told = JsonNode.Parse(hook.Body)!;
        Assert.Equal(("alert.raised", "simulated", "dust", "high", 80.0), ((string)told["type"]!, (string)told["data"]!, (string)told["rule"]!, (string)told["level"]!, (double)told["value"]!));

        // The same fact twice is told once.
        await sta.City.Services.GetRequiredService<IDatabase>().Write(
            async scope => await MessageBox.ToContacts(scope, new(FormattableString.Invariant($"alert:{(long)alert["id"]!}:raised"), MessageKind.Raised, null, MessageFacts.Read("""{ "title": { "ko": "a", "en": "a" }, "about": { "ko": "a", "en": "a" } }"""), false), "dust", DutyScene.Start), Cancel);
        Assert.Equal(3, (await sta.Messages()).Count);
    }

    [Fact]
    public async Task A_contact_that_cannot_be_is_refused_by_the_field()
    {
        await using var sta = await DutyScene.Open(Engine.Sqlite);
        var kim = (await sta.AddPeople("kim"))[0];
        Task<string> Refused(string json) => sta.Field(HttpMethod.Post, "/api/messages/contacts", json);
        Assert.Equal("url", await Refused("""{ "name": "n", "url": "https://10.0.0.1/", "rules": ["*"] }"""));
        Assert.Equal("url", await Refused("""{ "name": "n", "url": "http://example.org/", "rules": ["*"] }"""));
        Assert.Equal("email", await Refused("""{ "name": "n", "email": "nobody", "rules": ["*"] }"""));
        Assert.Equal("email", await Refused("""{ "name": "n", "rules": ["*"] }"""));
        Assert.Equal("phone", await Refused("""{ "name": "n", "phone": "call me", "rules": ["*"] }"""));
        Assert.Equal("rules", await Refused("""{ "name": "n", "phone": "02-000-0000" }"""));
        Assert.Equal("language", await Refused("""{ "name": "n", "phone": "02-000-0000", "rules": ["*"], "language": "fr" }"""));
        Assert.Equal("quietUntil", await Refused("""{ "name": "n", "phone": "02-000-0000", "rules": ["*"], "quietFrom": "22:00" }"""));
        Assert.Equal("person", await Refused("""{ "name": "n", "person": "nobody", "phone": "02-000-0000" }"""));
        Assert.Equal("person", await Refused($$"""{ "name": "n", "person": "{{kim}}", "phone": "02-000-0000", "rules": ["*"] }"""));
        await sta.Post("/api/messages/contacts", $$"""{ "name": "n", "person": "{{kim}}", "phone": "02-000-0000" }""");
        await sta.Post("/api/messages/contacts", $$"""{ "name": "n", "person": "{{kim}}", "phone": "02-000-0000" }""", HttpStatusCode.Conflict);
        Assert.Single((await sta.Get("/api/messages/contacts")).AsArray());
        await sta.Delete("/api/messages/contacts/1");
        await sta.Delete("/api/messages/contacts/1", HttpStatusCode.NotFound);
        Assert.Equal("state", (string)(await sta.Get("/api/messages?state=x", HttpStatusCode.BadRequest))["field"]!);
    }

    [Theory]
    [InlineData("22:00", "07:00", "2026-07-19T12:59:00Z", null)]
    [InlineData("22:00", "07:00", "2026-07-19T13:00:00Z", "2026-07-19T22:00:00Z")]
    [InlineData("22:00", "07:00", "2026-07-19T21:59:00Z", "2026-07-19T22:00:00Z")]
    [InlineData("22:00", "07:00", "2026-07-19T22:00:00Z", null)]
    [InlineData("12:00", "13:30", "2026-07-19T03:00:00Z", "2026-07-19T04:30:00Z")]
    [InlineData("12:00", "13:30", "2026-07-19T04:30:00Z", null)]
    public void Quiet_hours_go_by_the_citys_clock_also_over_midnight(string from, string until, string at, string? end)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Seoul");
        var (begin, moment) = (TimeOnly.Parse(from, null), DateTimeOffset.Parse(at, null));
        Assert.Equal(end is null ? null : DateTimeOffset.Parse(end, null), new QuietHours(begin, TimeOnly.Parse(until, null)).EndAfter(moment, zone));
    }

    [Fact]
    public async Task Officials_see_duty_and_messages_and_nobody_else_does()
    {
        await using var city = await ClosedCity.Start(Engine.Sqlite);
        await city.Give("kim", "official", null);
        await city.Give("boss", "mayor", null);
        foreach (var path in (string[])["/api/duty", "/api/duty/rosters", "/api/maintenance", "/api/messages", "/api/messages/contacts"])
        {
            await ClosedCity.Send(city.As("kim"), HttpMethod.Get, path, null, HttpStatusCode.OK);
            await ClosedCity.Send(city.As("boss"), HttpMethod.Get, path, null, HttpStatusCode.Forbidden);
            await ClosedCity.Send(city.With(null), HttpMethod.Get, path, null, HttpStatusCode.Unauthorized);
        }

        await ClosedCity.Send(city.As("boss"), HttpMethod.Post, "/api/maintenance", """{ "scope": { "all": true }, "until": "2030-07-18T00:00:00Z", "reason": "점검" }""", HttpStatusCode.Forbidden);
    }

    /// <summary>A mail server that takes nothing until it is told to.</summary>
    private sealed class FlakyMail : IMailDoor
    {
        private int tries;

        public bool Fails { get; set; } = true;

        public ConcurrentQueue<Letter> Letters { get; } = [];

        public int Tried => Volatile.Read(ref tries);

        public Task Send(Letter letter, CancellationToken cancel)
        {
            if (!letter.Subject.Contains("마당·모의", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            Interlocked.Increment(ref tries);
            if (Fails)
            {
                throw new System.Net.Mail.SmtpFailedRecipientException(System.Net.Mail.SmtpStatusCode.MailboxUnavailable, letter.To);
            }

            Letters.Enqueue(letter);
            return Task.CompletedTask;
        }
    }

    /// <summary>A server of somebody else that is told.</summary>
    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentQueue<(string Path, Dictionary<string, string> Headers, string Body)> Messages { get; } = [];

        public string Url => app.Urls.First() + "/";

        public static async Task<Receiver> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            var app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            var receiver = new Receiver(app);
            app.Run(async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                receiver.Messages.Enqueue((context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), await reader.ReadToEndAsync(Cancel)));
            });
            await app.StartAsync(Cancel);
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
