
namespace Madang.Operations.Rules;

/// <summary>Judges again, from the store, lines of which something came that lies before what is judged already; many of them in one commit.</summary>
internal sealed class LateTurn(RuleJudge judge, MoveLedger ledger, WatchKeeper keeper)
{
    /// <summary>Lines of one partition at once: for so long its facts wait.</summary>
    public const int AtOnce = 50;

    /// <summary>Judges these lines, whose stripe the caller holds. What fails is told, stays late, and holds up no other.</summary>
    public async Task Judge(IEnumerable<LineSubject> lines, DateTimeOffset now, Action<Exception> failed, CancellationToken cancel)
    {
        var taken = new List<(LineSubject Line, DateTimeOffset After)>();
        var done = new List<(Judged Judged, Action Install)>();
        try
        {
            foreach (var line in lines)
            {
                if (line.TakeLate() is { } after)
                {
                    taken.Add((line, after));
                    try
                    {
                        done.Add(await judge.Again(line, after, keeper.Now(line, now), cancel));
                    }
                    catch (Exception exception) when (!cancel.IsCancellationRequested)
                    {
                        taken.RemoveAt(taken.Count - 1);
                        line.MarkLate(after);
                        failed(exception);
                    }
                }
            }

            await Keep(done, taken, failed, cancel);
        }
        catch
        {
            taken.ForEach(each => each.Line.MarkLate(each.After));
            throw;
        }
    }

    /// <summary>All in one commit; where that fails one by one, so that one that cannot be kept holds up no other.</summary>
    private async Task Keep(List<(Judged Judged, Action Install)> done, List<(LineSubject Line, DateTimeOffset After)> taken, Action<Exception> failed, CancellationToken cancel)
    {
        if (done.Count == 0)
        {
            return;
        }

        try
        {
            await ledger.Write([.. done.Select(each => each.Judged)], [], cancel);
            done.ForEach(each => each.Install());
        }
        catch (Exception) when (!cancel.IsCancellationRequested && done.Count > 1)
        {
            for (var index = 0; index < done.Count; index++)
            {
                try
                {
                    await ledger.Write([done[index].Judged], [], cancel);
                    done[index].Install();
                }
                catch (Exception exception) when (!cancel.IsCancellationRequested)
                {
                    taken[index].Line.MarkLate(taken[index].After);
                    failed(exception);
                }
            }
        }
    }
}
