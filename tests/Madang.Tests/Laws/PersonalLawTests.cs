using Dapper;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Privacy;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Laws;

/// <summary>Personal data stands nowhere unsaid: the law, and that it sees what breaks it.</summary>
public sealed class PersonalLawTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task Every_column_with_personal_data_is_declared_and_every_declared_column_is_there(Engine engine)
    {
        await using var city = await PopulatedCity.Start(engine);
        var inventory = city.City.Services.GetRequiredService<PersonalInventory>();
        await using var read = await city.City.Services.GetRequiredService<IDatabase>().Read(Cancel);
        var columns = await PersonalLaw.Columns(read.Connection, engine, read.Transaction);

        Assert.True(columns.Count > 150, $"only {columns.Count} columns were found");
        string[] breaches =
        [
            .. PersonalLaw.NamesAreDeclared(columns, inventory), .. PersonalLaw.DeclarationsHold(columns, inventory, engine),
            .. await PersonalLaw.ContentsAreDeclared(read.Connection, columns, inventory, city.Marks, read.Transaction),
        ];
        Assert.True(breaches.Length == 0, string.Join('\n', breaches));

        // That the marks are found at all: the city is full of them.
        var marked = await PersonalLaw.Where(read.Connection, columns, city.Marks, read.Transaction);
        Assert.Superset(
            new HashSet<string> { "trust_person.name", "trust_person.email", "trust_person.id", "trust_session.person", "trust_session.agent", "trust_ticket.data", "trust_person_passkey.data", "trust_person_login.provider_key", "trust_grants.person", "trust_keys.made_by", "trust_subjects.subject" },
            marked.ToHashSet());
    }

    [Theory, BothEngines]
    public async Task A_table_that_nobody_declared_is_seen_by_name_and_by_content(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var database = city.Services.GetRequiredService<IDatabase>();
        await database.Write(
            async scope =>
            {
                await scope.Connection.ExecuteAsync("CREATE TABLE visits (id INTEGER PRIMARY KEY, remark TEXT, visitor_phone TEXT, plain TEXT)", transaction: scope.Transaction);
                await scope.Connection.ExecuteAsync("INSERT INTO visits VALUES (1, 'write to choi@city.example', '02', 'the weather')", transaction: scope.Transaction);
            },
            Cancel);
        var inventory = city.Services.GetRequiredService<PersonalInventory>();
        await using var read = await database.Read(Cancel);
        var columns = await PersonalLaw.Columns(read.Connection, engine, read.Transaction);

        Assert.StartsWith("visits.visitor_phone sounds personal", Assert.Single(PersonalLaw.NamesAreDeclared(columns, inventory)), StringComparison.Ordinal);
        Assert.StartsWith("visits.remark holds an e-mail address", Assert.Single(await PersonalLaw.ContentsAreDeclared(read.Connection, columns, inventory, [], read.Transaction)), StringComparison.Ordinal);
        Assert.StartsWith("visits.plain holds 'weather'", Assert.Single(await PersonalLaw.ContentsAreDeclared(read.Connection, columns.Where(column => column.Name == "plain"), inventory, ["weather"], read.Transaction)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_declaration_of_what_is_not_there_is_seen()
    {
        var inventory = new PersonalInventory([], [new NotPersonal("places", "name", "a district")]);
        Assert.Single(PersonalLaw.DeclarationsHold([new("places", "title", "TEXT")], inventory, Engine.Sqlite));
        Assert.Empty(PersonalLaw.DeclarationsHold([new("places", "name", "TEXT")], inventory, Engine.Sqlite));
    }

    [Theory]
    [InlineData("reach me at lee.k+city@seoul.go.kr, please", "an e-mail address")]
    [InlineData("010-1234-5678", "a telephone number")]
    [InlineData("{\"tel\":\"01012345678\"}", "a telephone number")]
    [InlineData("990231-1234562", "a resident registration number")]
    [InlineData("990231-1234563", null)]
    [InlineData("999931-1234563", null)]
    [InlineData("from 203.0.113.7", "an IP address")]
    [InlineData("2001:db8::1:2:3", "an IP address")]
    [InlineData("2001:db8:0:1:2:3:4:5", "an IP address")]
    [InlineData("127.0.0.1", null)]
    [InlineData("SensorThings API 1.1, v10.0.14", null)]
    [InlineData("2026-07-19T05:20:00Z", null)]
    [InlineData("1784438400123456", null)]
    public void What_is_personal_in_a_text_is_known(string text, string? found) => Assert.Equal(found, PersonalLaw.Detect(text));

    [Fact]
    public async Task Every_retention_is_carried_out_or_ends_with_the_account()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        var inventory = city.Services.GetRequiredService<PersonalInventory>();
        Assert.All(inventory.Columns, column =>
        {
            Assert.True(column.Retention.Rules.Count > 0 || column.Retention == PersonalRetention.UntilErased || column.Retention.Text == PersonalRetention.UntilErased.Text, $"{column.Table}.{column.Column}");
            Assert.True(IsSaid(column.Retention.Text) && IsSaid(column.Item) && IsSaid(column.Purpose.Text), $"{column.Table}.{column.Column} is said in both languages");
        });
        Assert.All(inventory.Others, column => Assert.NotEmpty(column.Why));
    }

    private static bool IsSaid(Wording words) => words.Korean.Any(letter => letter is >= '가' and <= '힣') && words.English.Any(char.IsAsciiLetter);
}
