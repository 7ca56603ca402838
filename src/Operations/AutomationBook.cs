using System.Globalization;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Automations;
using Madang.Operations.Rules;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>
/// What the city does by itself, with all its revisions. What changes something in the street or speaks to everybody comes into
/// force when a second person has approved it; to switch it off takes one.
/// </summary>
public sealed class AutomationBook
{
    /// <summary>The most automations of a city.</summary>
    public const int Most = 200;

    /// <summary>The longest note of a reviewer.</summary>
    public const int LongestNote = RuleBook.LongestNote;

    private const string Image = "SELECT automation_id, revision, body, is_on, state, note, in_force_at FROM automation_revisions WHERE automation_id = @id AND revision = @revision";

    private readonly IDatabase database;
    private readonly Recorder recorder;
    private readonly StreetLights lights;
    private readonly TimeProvider clock;

    internal AutomationBook(IDatabase database, Recorder recorder, StreetLights lights, TimeProvider clock) => (this.database, this.recorder, this.lights, this.clock) = (database, recorder, lights, clock);

    /// <summary>What it does, in a sentence made from its data alone.</summary>
    public static RuleText Say(Automation automation) => AutomationSentence.Of(automation);

    /// <summary>The same of one that nobody wrote yet.</summary>
    /// <exception cref="InvalidInputException">It makes no sense; with the name of the field.</exception>
    public static RuleText Preview(Automation automation)
    {
        AutomationCheck.Check(automation);
        return Say(automation);
    }

    /// <summary>Every automation, in order of id.</summary>
    public async Task<IReadOnlyList<KnownAutomation>> List(CancellationToken cancel)
    {
        Demand(Act.Read);
        return await ListAll(cancel);
    }

    /// <summary>One automation; null when there is none of this id.</summary>
    public async Task<KnownAutomation?> Find(string id, CancellationToken cancel)
    {
        Demand(Act.Read);
        await using var read = await database.Read(cancel);
        return (await AutomationRow.Known(read, id)).SingleOrDefault();
    }

    /// <summary>Every revision of an automation, the newest first; none when there is no such automation.</summary>
    public async Task<IReadOnlyList<AutomationRevision>> ListRevisions(string id, CancellationToken cancel)
    {
        Demand(Act.Read);
        await using var read = await database.Read(cancel);
        return await AutomationRow.Revisions(read, id);
    }

    /// <summary>Writes a new revision, or a new automation, which begins dry. It is in force at once, or waits for a second person.</summary>
    /// <exception cref="InvalidInputException">It makes no sense; with the name of the field.</exception>
    /// <exception cref="CityRuleException">The caller may not (403), or there are as many as a city may have (409).</exception>
    public async Task<AutomationRevision> Write(string id, Automation automation, bool isOn, CancellationToken cancel)
    {
        Demand(Act.Write);
        if (!RuleCheck.IsWord(id))
        {
            throw new InvalidInputException("id", "is a word of letters, digits, hyphens and underscores, at most 40");
        }

        AutomationCheck.Check(automation);
        if (isOn)
        {
            await CheckLamps(automation, cancel);
        }

        return await database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, [Lock(id)]);
                var known = (await AutomationRow.Known(scope.AsReader(), id)).SingleOrDefault();
                if (known is null && await scope.Connection.ExecuteScalarAsync<long>("SELECT count(DISTINCT automation_id) FROM automation_revisions", null, scope.Transaction) >= Most)
                {
                    throw new CityRuleException("too-many-automations", $"A city has at most {Most} automations.");
                }

                if (known?.InForce is null && !automation.IsDry)
                {
                    throw new InvalidInputException("automation.isDry", "is true at first: look at what it would do before it does it");
                }

                await CheckTargets(scope, automation.Do);
                var needsReview = NeedsReview(known?.InForce, automation, isOn);
                if (needsReview && Caller.Current.Kind != CallerKind.Person)
                {
                    throw new CityRuleException("needs-a-person", "What changes something in the street, or speaks to everybody, is written by somebody who signed in, so that another person can review it.", 403);
                }

                await scope.Connection.ExecuteAsync("UPDATE automation_revisions SET state = 4 WHERE automation_id = @id AND state = 1", new { id }, scope.Transaction);
                var written = await AutomationRow.Add(scope, id, automation, isOn, needsReview ? RuleReview.Proposed : RuleReview.Approved, Caller.Current.Id, clock.GetUtcNow());
                await Record(scope, "automation.write", written);
                return written;
            },
            cancel);
    }

    /// <summary>A second person approves or refuses a revision that waits.</summary>
    /// <exception cref="CityRuleException">There is none that waits (404), or the caller wrote it himself (409) or may not (403).</exception>
    public Task<AutomationRevision> Review(string id, int revision, bool approve, string? note, CancellationToken cancel)
    {
        Demand(Act.Write);
        if (note is { Length: > LongestNote } || note?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')) == true)
        {
            throw new InvalidInputException("note", $"is a text of at most {LongestNote} characters");
        }

        return database.Write(
            async scope =>
            {
                await RuleLock.Take(scope, [Lock(id)]);
                var waiting = await AutomationRow.Waiting(scope, id, revision) ?? throw new CityRuleException("not-waiting", string.Create(CultureInfo.InvariantCulture, $"No revision {revision} of '{id}' waits for review."), 404);
                if (waiting.MadeBy == Caller.Current.Id || Caller.Current.Kind != CallerKind.Person)
                {
                    throw new CityRuleException("second-person", "Who wrote a change that acts on the street does not review it; another person does.");
                }

                var now = clock.GetUtcNow();
                var state = approve ? RuleReview.Approved : RuleReview.Refused;
                await scope.Connection.ExecuteAsync(
                    "UPDATE automation_revisions SET state = @state, reviewed_by = @by, reviewed_at = @now, note = @note, in_force_at = @force WHERE automation_id = @id AND revision = @revision",
                    new { id, revision, state = (int)state, by = Caller.Current.Id, now = now.ToMicros(), note, force = approve ? now.ToMicros() : (long?)null }, scope.Transaction);
                if (approve)
                {
                    await AutomationRow.EndPause(scope, id);
                }

                var reviewed = waiting with { State = state, ReviewedBy = Caller.Current.Id, ReviewedAt = now, Note = note, InForceAt = approve ? now : null };
                await Record(scope, approve ? "automation.approve" : "automation.refuse", reviewed);
                return reviewed;
            },
            cancel);
    }

    /// <summary>Puts the examples that come with Madang into the book, resting and dry, and again where they changed and the city did not change them.</summary>
    internal Task Seed(CityData data, CancellationToken cancel) => database.Write(
        async scope =>
        {
            foreach (var (id, shipped) in ShippedAutomations.All)
            {
                var example = shipped with { Data = data, When = data == CityData.Simulated && shipped.When is AlertTrigger alert ? alert with { Rule = alert.Rule + "-simulated" } : shipped.When };
                await RuleLock.Take(scope, [Lock(id)]);
                var known = (await AutomationRow.Known(scope.AsReader(), id)).SingleOrDefault();
                if (known is null || (known is { Proposed: null, InForce: { MadeBy: null, ReviewedBy: null } force } && AutomationRow.Write(force.Automation) != AutomationRow.Write(example)))
                {
                    await AutomationRow.Add(scope, id, example, false, RuleReview.Approved, null, clock.GetUtcNow());
                }
            }
        },
        cancel);

    internal async Task<IReadOnlyList<KnownAutomation>> ListAll(CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await AutomationRow.Known(read);
    }

    internal static string Lock(string id) => "automation:" + id;

    /// <exception cref="CityRuleException">The caller may not (403).</exception>
    internal static void Demand(Act act)
    {
        if (!Caller.Current.MaySomewhere(act, Kinds.Automation))
        {
            throw new CityRuleException("not-allowed", act == Act.Read ? "You may not see what the city does by itself." : "You may not change what the city does by itself.", 403);
        }
    }

    /// <summary>To switch off what runs, as it stands, is safe: one person does it.</summary>
    private static bool NeedsReview(AutomationRevision? known, Automation automation, bool isOn)
    {
        var onlyRests = known is not null && !isOn && AutomationRow.Write(known.Automation) == AutomationRow.Write(automation);
        return !onlyRests && (automation.NeedsReview || known?.Automation.NeedsReview == true);
    }

    /// <summary>Who writes what the city tells lamps must be one who may tell them himself; of a street all that are there.</summary>
    private async Task CheckLamps(Automation automation, CancellationToken cancel)
    {
        if (automation.Do is not LampAction lamp)
        {
            return;
        }

        var named = LampHold.Named(await lights.List(cancel), lamp, automation.Data);
        if (named.Count == 0 || named.Count < lamp.Lamps.Distinct().Count())
        {
            throw new InvalidInputException(lamp.Street is null ? "do.lamps" : "do.street", "names no street lights of this world that can be told a level");
        }

        if (named.Any(light => !light.MayCommand))
        {
            throw new CityRuleException("not-allowed", "You may not tell these lamps what to do.", 403);
        }
    }

    private static async Task CheckTargets(WriteScope scope, AutomationAction action)
    {
        if (action is not SendAction send)
        {
            return;
        }

        foreach (var contact in send.Contacts)
        {
            if (await scope.Connection.ExecuteScalarAsync<long?>("SELECT id FROM message_contacts WHERE id = @contact AND person IS NULL", new { contact }, scope.Transaction) is null)
            {
                throw new InvalidInputException("do.contacts", "names a contact that is not here");
            }
        }

        foreach (var roster in send.Rosters)
        {
            if (await scope.Connection.ExecuteScalarAsync<string?>("SELECT id FROM duty_rosters WHERE id = @roster", new { roster }, scope.Transaction) is null)
            {
                throw new InvalidInputException("do.rosters", "names a roster that is not here");
            }
        }
    }

    private async Task Record(WriteScope scope, string action, AutomationRevision revision) => await recorder.Record(scope, Caller.Current.Entry(action, Act.Write, Kinds.Automation) with
    {
        Kind = "automation", Thing = string.Create(CultureInfo.InvariantCulture, $"{revision.Id}/{revision.Revision}"), After = await RowImage.Read(scope, Image, new { id = revision.Id, revision = revision.Revision }),
    });
}
