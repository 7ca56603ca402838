using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Trust.Accounts.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

public sealed class PeopleStoreTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_person_with_everything_is_kept(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var id = "";
        await People(city, async people =>
        {
            var person = new Person { UserName = "kim@city.example", Email = "kim@city.example", Name = "김마당", Made = 1, PasswordChanged = 2, TotpKey = "ABC", TotpSince = 3, TotpStep = 4, StartingRole = "official", Language = "en" };
            id = person.Id;
            Assert.True((await people.CreateAsync(person)).Succeeded);
            var key = new UserPasskeyInfo([1, 2, 3], [4, 5], new DateTimeOffset(2026, 7, 19, 5, 20, 0, TimeSpan.Zero), 7, ["internal"], true, true, false, [6], [7]) { Name = "전화기" };
            Assert.True((await people.AddOrUpdatePasskeyAsync(person, key)).Succeeded);
            Assert.True((await people.AddLoginAsync(person, new UserLoginInfo("keycloak", "77", "Keycloak"))).Succeeded);
            Assert.True((await people.SetAuthenticationTokenAsync(person, "a", "b", "c")).Succeeded);
        });

        await city.Restart();
        await People(city, async people =>
        {
            var person = (await people.FindByEmailAsync("KIM@city.example"))!;
            Assert.Equal((id, "김마당", 2L, 4L, "official", "en"), (person.Id, person.Name, person.PasswordChanged!.Value, person.TotpStep, person.StartingRole, person.Language));
            var key = Assert.Single(await people.GetPasskeysAsync(person));
            Assert.Equal(("전화기", 7u, true), (key.Name, key.SignCount, key.IsBackupEligible));
            Assert.Equal([4, 5], key.PublicKey);
            Assert.Equal(id, (await people.FindByPasskeyIdAsync([1, 2, 3]))!.Id);
            Assert.Equal(id, (await people.FindByLoginAsync("keycloak", "77"))!.Id);
            Assert.Equal("c", await people.GetAuthenticationTokenAsync(person, "a", "b"));
            await people.DeleteAsync(person);
        });
        await using var read = await city.Services.GetRequiredService<IDatabase>().Read(Cancel);
        Assert.Equal(0, await read.Connection.ExecuteScalarAsync<long>("SELECT (SELECT COUNT(*) FROM trust_person) + (SELECT COUNT(*) FROM trust_person_passkey) + (SELECT COUNT(*) FROM trust_person_login)", transaction: read.Transaction));
    }

    [Theory, BothEngines]
    public async Task Of_two_who_change_a_person_at_once_one_is_told(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        await People(city, people => people.CreateAsync(new Person { UserName = "lee", Name = "이마당" }));
        await People(city, async first => await People(city, async second =>
        {
            var one = (await first.FindByNameAsync("lee"))!;
            var other = (await second.FindByNameAsync("lee"))!;
            other.Name = "이두리";
            Assert.True((await second.UpdateAsync(other)).Succeeded);
            one.Name = "이하나";
            Assert.False((await first.UpdateAsync(one)).Succeeded);
        }));
    }

    [Theory, BothEngines]
    public async Task People_are_saved_beside_many_other_writes(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var database = city.Services.GetRequiredService<IDatabase>();
        var work = Enumerable.Range(0, 20).Select(number => number % 2 == 0
            ? People(city, people => people.CreateAsync(new Person { UserName = $"p{number}", Name = "x" }))
            : database.Write(scope => scope.Connection.ExecuteAsync("INSERT INTO trust_key_ring (name, xml, made) VALUES (@name, '<a/>', 0)", new { name = $"k{number}" }, scope.Transaction), Cancel));
        await Task.WhenAll(work).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await using var read = await database.Read(Cancel);
        Assert.Equal(10, await read.Connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM trust_person", transaction: read.Transaction));
    }

    private static async Task People(TestCity city, Func<UserManager<Person>, Task> act)
    {
        await using var scope = city.Services.CreateAsyncScope();
        await act(scope.ServiceProvider.GetRequiredService<UserManager<Person>>());
    }
}
