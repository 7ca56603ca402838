using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Privacy;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Http;

namespace Madang.Trust;

/// <summary>
/// What a person may ask of the own data: to have it (Personal Information Protection Act, art. 35) and to have it erased
/// (art. 36). Every module that holds some takes part by <see cref="IPersonalData"/>.
/// </summary>
public sealed class PersonalDesk
{
    /// <summary>Answers of <see cref="Erase"/>: what was typed is not the name to sign in with; the city would have no administrator.</summary>
    public const string Unconfirmed = "confirm", LastAdministrator = "last-administrator";

    /// <summary>The word for erasure at the person's own wish in the record of destruction.</summary>
    private const string Rule = "account-erased";

    /// <summary>"erase" as a number: of two administrators who leave at once, one stays.</summary>
    private const long EraseLock = 0x6572617365;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly IDatabase database;
    private readonly HouseKeeper keeper;
    private readonly Recorder recorder;
    private readonly Subjects subjects;
    private readonly PersonalInventory inventory;
    private readonly IReadOnlyList<IPersonalData> modules;
    private readonly SessionCookie cookie;
    private readonly Letters letters;
    private readonly TimeProvider clock;

    internal PersonalDesk(
        IDatabase database, HouseKeeper keeper, Recorder recorder, Subjects subjects, PersonalInventory inventory, IEnumerable<IPersonalData> modules, SessionCookie cookie, Letters letters, TimeProvider clock) =>
        (this.database, this.keeper, this.recorder, this.subjects, this.inventory, this.modules, this.cookie, this.letters, this.clock) =
        (database, keeper, recorder, subjects, inventory, [.. modules], cookie, letters, clock);

    /// <summary>Whether the person's proof is young enough for both; who has no account any more is told so.</summary>
    public async Task<bool> IsFresh(SignedIn me, CancellationToken cancel)
    {
        await Get(me, cancel);
        return me.IsFresh(clock.GetUtcNow());
    }

    /// <summary>The same as a file to keep; no browser and nothing on the way keeps another.</summary>
    public IResult Download(SignedIn me, HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.CacheControl = "no-store";
        var name = string.Create(CultureInfo.InvariantCulture, $"madang-{clock.GetUtcNow():yyyy-MM-dd}.json");
        return TypedResults.Stream(stream => Export(me, stream, response.HttpContext.RequestAborted), "application/json", name);
    }

    /// <summary>Writes all that every module holds of a person, as JSON. Recorded before anything is told.</summary>
    public async Task Export(SignedIn me, Stream to, CancellationToken cancel)
    {
        await recorder.Record(AccountEntry.Of("personal.export", me.Person) with { Purpose = "pipa-35" });
        await using var json = new Utf8JsonWriter(to, Readable);
        json.WriteStartObject();
        json.WriteString("madeAt", IsoTime.Write(clock.GetUtcNow()));
        json.WriteString("person", me.Person);
        json.WriteStartObject("modules");
        foreach (var module in modules)
        {
            json.WritePropertyName(module.Part);
            await module.Export(json, me.Person, cancel);
            await json.FlushAsync(cancel);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>
    /// Erases the account and what the modules hold of the person, in one transaction, and signs out. <paramref name="typed"/>
    /// is the name to sign in with. Answers <see cref="AccountDesk.Stale"/>, <see cref="Unconfirmed"/>,
    /// <see cref="LastAdministrator"/>, or null when all is gone.
    /// </summary>
    public async Task<string?> Erase(HttpContext context, SignedIn me, string typed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var person = await Get(me, cancel);
        if (!me.IsFresh(clock.GetUtcNow()))
        {
            return AccountDesk.Stale;
        }

        if (!typed.Trim().Equals(person.SignInName, StringComparison.OrdinalIgnoreCase))
        {
            return Unconfirmed;
        }

        if (await database.Write(scope => EraseIn(scope, me), cancel) is { } wrong)
        {
            return wrong;
        }

        await keeper.Reload(CancellationToken.None);
        // Somebody may have remembered the pseudonym between its deletion and the commit.
        subjects.Forget(SubjectOf(me.Person));
        cookie.Delete(context);
        if (person is { IsConfirmed: true, Email: { } email })
        {
            letters.Erased(email, person.Language);
        }

        return null;
    }

    /// <summary>How a person is called in the record.</summary>
    internal static string SubjectOf(string person) => "person:" + person;

    private async Task<string?> EraseIn(WriteScope scope, SignedIn me)
    {
        var now = clock.GetUtcNow();
        if (scope.Engine == Engine.Postgres)
        {
            await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@EraseLock)", new { EraseLock }, scope.Transaction);
        }

        if (await IsLastAdministrator(scope, me.Person, now.ToMicros()))
        {
            return LastAdministrator;
        }

        // First the entry: it stands under the pseudonym that is forgotten then.
        await recorder.Record(scope, AccountEntry.Of("personal.erase", me.Person) with { Purpose = "pipa-36" });
        foreach (var module in modules.Reverse())
        {
            await module.Forget(scope, me.Person);
        }

        await DestructionRows.Note(scope, Rule, "trust_person", PrivacyWords.Categories(inventory.Columns.Where(column => column.Table == "trust_person")), 1, now);
        scope.Tell(new AccessChanged("person"), "access");
        return null;
    }

    private static async Task<bool> IsLastAdministrator(WriteScope scope, string person, long now) =>
        await scope.Connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM trust_grants WHERE person = @person AND role = 'administrator' AND department_id IS NULL AND from_time <= @now AND (to_time IS NULL OR to_time > @now))", new { person, now }, scope.Transaction)
        && !await Administrators.Exist(scope, now, but: person);

    private async Task<Row> Get(SignedIn me, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(me);
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<Row>(
            "SELECT user_name AS SignInName, email AS Email, email_confirmed AS IsConfirmed, language AS Language FROM trust_person WHERE id = @Person", new { me.Person }, read.Transaction)
            ?? throw new CityRuleException("account-gone", "This account is no more.", 404);
    }

    private sealed class Row
    {
        public required string SignInName { get; init; }

        public string? Email { get; init; }

        public bool IsConfirmed { get; init; }

        public required string Language { get; init; }
    }
}
