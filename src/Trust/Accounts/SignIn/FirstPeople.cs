using System.Security.Cryptography;
using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust.Accounts.SignIn;

/// <summary>Who is there at the first start: the administrator that a printed link makes, or the demo's made-up people.</summary>
internal sealed class FirstPeople(IDatabase database, UserManager<Person> people, Grants grants, Tickets tickets, Addresses addresses, Recorder recorder, TimeProvider clock)
{
    private const string Provider = "demo", Secret = "password";

    /// <summary>Nothing in it looks like something else.</summary>
    private const string Alphabet = "23456789abcdefghjkmnpqrstvwxyz";

    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    private static readonly (string SignInName, string Name)[] Demo = [("mayor", "시장 (모의)"), ("official", "담당 공무원 (모의)"), ("operator", "운영자 (모의)"), ("administrator", "관리자 (모의)"), ("auditor", "감사 담당 (모의)"), ("citizen", "시민 (모의)")];

    /// <summary>
    /// The link that makes an administrator, while nobody who has an account is one for the whole city; older links are good no
    /// more. Takes demo people away: they are no people of a real city.
    /// </summary>
    public async Task<string?> OfferAdministrator(CancellationToken cancel)
    {
        var isAdministered = await database.Write(
            async scope =>
            {
                var row = new { now = clock.GetUtcNow().ToMicros(), yes = true };
                await scope.Connection.ExecuteAsync(
                    "UPDATE trust_grants SET to_time = @now, ended_by = 'serve' WHERE (to_time IS NULL OR to_time > @now) AND person IN (SELECT id FROM trust_person WHERE is_demo = @yes)", row, scope.Transaction);
                foreach (var id in (await scope.Connection.QueryAsync<string>("DELETE FROM trust_person WHERE is_demo = @yes RETURNING id", row, scope.Transaction)).AsList())
                {
                    await recorder.Record(scope, new RecordEntry("account.delete") { Who = RecordEntry.Local, Purpose = "serve", Kind = "person", Thing = $"person:{id}", IsPersonal = true });
                }

                return await Administrators.Exist(scope, row.now);
            },
            cancel);
        if (isAdministered)
        {
            return null;
        }

        await tickets.Clear(TicketKind.Administrator, cancel);
        return $"{addresses.Origin}/begin?token={await tickets.Make(TicketKind.Administrator, null, "", LinkLife, cancel)}";
    }

    /// <summary>Makes the demo's people where they are missing and tells them all.</summary>
    public async Task<IReadOnlyList<DemoPerson>> MakeDemoPeople()
    {
        var told = new List<DemoPerson>();
        foreach (var (signInName, name) in Demo)
        {
            var person = await people.FindByNameAsync(signInName) ?? await Make(signInName, name);
            told.Add(new DemoPerson(signInName, name, await people.GetAuthenticationTokenAsync(person, Provider, Secret) ?? ""));
        }

        return told;
    }

    private async Task<Person> Make(string signInName, string name)
    {
        var password = string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Alphabet, 4)));
        var now = clock.GetUtcNow().ToMicros();
        var person = new Person { UserName = signInName, Name = name, IsDemo = true, StartingRole = signInName, Made = now, PasswordChanged = now };
        person.PasswordHash = people.PasswordHasher.HashPassword(person, password);
        Require(await people.CreateAsync(person));
        // Kept readable on purpose: the demo tells it again at each start.
        Require(await people.SetAuthenticationTokenAsync(person, Provider, Secret, password));
        await grants.Store(person.Id, signInName, null, "모의 시연 (demo)", null, "demo", CancellationToken.None);
        return person;
    }

    private static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"A demo person could not be made: {string.Join(", ", result.Errors.Select(error => error.Code))}");
        }
    }
}
