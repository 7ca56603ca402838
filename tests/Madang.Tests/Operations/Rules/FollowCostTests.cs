using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Madang.Kernel;
using Madang.Operations;
using Madang.Operations.Rules;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Rule = Madang.Operations.Rule;

namespace Madang.Tests.Operations.Rules;

/// <summary>What it costs the store to judge a rule that goes by others.</summary>
public sealed class FollowCostTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 19, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task A_thousand_subjects_cost_as_many_questions_as_ten_and_each_has_its_own_level(Engine engine)
    {
        await using var city = await TestCity.Start(engine);
        var (ten, _) = await Judge(city, "few", 10);
        var (thousand, levels) = await Judge(city, "many", 1_000);

        Assert.InRange(ten, 1, 10);
        Assert.Equal(ten, thousand);
        // Of the moves that stand the last before the moment counts.
        Assert.Equal(Enumerable.Range(0, 1_000).Where(number => number % 3 > 0).Select(number => ($"s{number}", number % 3)).Order(), levels.Select(each => (each.Key, each.Value)).Order());
    }

    private static async Task<(int Asked, IReadOnlyDictionary<string, int> Levels)> Judge(TestCity city, string id, int count)
    {
        var rule = new Rule
        {
            Name = new("시험", "Test"), Owner = new("시험", "Test"), Source = new("시험"), From = new DateOnly(2020, 1, 1), Each = RuleSubject.Datastream, Signal = new CombinationSignal([new RuleUse("other")]),
            Levels = [new RuleLevel("one", 1, 0, 1), new RuleLevel("two", 2, 0, 2)],
        };
        var live = new LiveRule(id, 1, rule, Start);
        var known = new WatchList([live], 0);
        for (var number = 0; number < count; number++)
        {
            known.Add(new FollowSubject(live, new Watched($"s{number}", new("", ""), []) { Others = [[$"s{number}"]] }, 1));
        }

        var database = city.Services.GetRequiredService<IDatabase>();
        await database.Write(
            scope => scope.Connection.ExecuteAsync(
                "INSERT INTO rule_moves (rule_id, revision, subject, at, from_level, to_level, value, known_at, taken_back_at) VALUES (@id, 1, @subject, @at, @from, @to, 1, @at, @back)",
                Enumerable.Range(0, count).SelectMany(number => new[] { (0, 0, 1, false), (1, 1, 2, true), (1, 1, number % 3, false), (60, number % 3, 2, false) }.Where(move => move.Item2 != move.Item3).Select(move => new
                {
                    id, subject = $"s{number}", at = Start.AddMinutes(move.Item1).ToMicros(), from = move.Item2, to = move.Item3, back = move.Item4 ? Start.ToMicros() : (long?)null,
                })),
                scope.Transaction),
            Cancel);
        await using var read = await database.Read(Cancel);
        await using var counted = new CountedScope(read);
        await city.Services.GetRequiredService<FollowTurn>().Judge(counted, live, known, Start.AddMinutes(30), Start.AddMinutes(40));
        return (counted.Asked, await city.Services.GetRequiredService<MoveLedger>().LevelsAt(read, live, [.. known.Followers.Select(subject => subject.Key.Subject)], Start.AddMinutes(30)));
    }

    /// <summary>Counts what is asked of the store.</summary>
    private sealed class CountedScope(ReadScope read) : ReadScope
    {
        private readonly CountedConnection connection = new(read.Connection);

        public int Asked => connection.Asked;

        public override DbConnection Connection => connection;

        public override DbTransaction Transaction => read.Transaction;

        public override CancellationToken Cancel => read.Cancel;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class CountedConnection(DbConnection inner) : DbConnection
    {
        public int Asked { get; private set; }

        [AllowNull]
        public override string ConnectionString { get => inner.ConnectionString; set => throw new NotSupportedException(); }

        public override string Database => inner.Database;

        public override string DataSource => inner.DataSource;

        public override string ServerVersion => inner.ServerVersion;

        public override ConnectionState State => inner.State;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close()
        {
        }

        public override void Open()
        {
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand()
        {
            Asked++;
            return inner.CreateCommand();
        }
    }
}
