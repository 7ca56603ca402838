using Dapper;
using Madang.Kernel;
using Madang.Storage;
using Madang.Tests.Sensing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Operations.Rules;

/// <summary>The moves of a rule that stand in the store.</summary>
internal static class StandingMoves
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits until they are the wanted ones: <c>subject time act level</c>.</summary>
    public static async Task Until(Sta sta, string rule, IReadOnlyList<string> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var standing = await List(sta, rule);
            if (standing.SequenceEqual(wanted))
            {
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"of '{rule}' stands\n{string.Join('\n', standing)}\nand not\n{string.Join('\n', wanted)}");

            await Task.Delay(100, Cancel);
        }
    }

    private static async Task<IReadOnlyList<string>> List(Sta sta, string rule)
    {
        await using var read = await sta.City.Services.GetRequiredService<IDatabase>().Read(Cancel);
        var levels = (await sta.Get("/api/rules/" + rule))["rule"]!["levels"]!.AsArray().Select(level => (string)level!["name"]!).ToList();
        return
        [
            .. (await read.Connection.QueryAsync<(string Subject, long At, long From, long To)>("SELECT subject, at, from_level, to_level FROM rule_moves WHERE rule_id = @rule AND taken_back_at IS NULL", new { rule }, read.Transaction))
                .Select(move => $"{move.Subject} {IsoTime.FromMicros(move.At):yyyy-MM-dd'T'HH:mm:sszzz} {(move.From == 0 ? "issue" : move.To == 0 ? "lift" : move.To > move.From ? "upgrade" : "downgrade")} {(move.To == 0 ? null : levels[(int)move.To - 1])}").Order(StringComparer.Ordinal),
        ];
    }
}
