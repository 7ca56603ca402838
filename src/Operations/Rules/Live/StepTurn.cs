namespace Madang.Operations.Rules;

/// <summary>Judges the steps of time that are over. One loop alone calls it.</summary>
internal sealed class StepTurn(StepClock times, RuleJudge judge, MoveLedger ledger)
{
    /// <summary>Judges those of some subjects that can be judged, and keeps what came of them together; what fails is judged again at the next turn.</summary>
    public async Task Judge(IReadOnlyList<StepSubject> some, DateTimeOffset now, CancellationToken cancel)
    {
        var judged = new List<Judged>();
        var failed = new List<Exception>();
        foreach (var subject in some)
        {
            if (times.FindEnd(subject, now) is { } until && (until > subject.JudgedUntil || subject.IsLate))
            {
                subject.Claim(until);
                var after = subject.TakeLate() is { } late && late < subject.JudgedUntil ? late : subject.JudgedUntil;
                try
                {
                    judged.Add(await judge.Steps(subject, after, until, cancel));
                }
                catch (Exception exception) when (!cancel.IsCancellationRequested)
                {
                    // One that cannot be judged does not hold up the others.
                    subject.MarkLate(after);
                    failed.Add(exception);
                }
            }
        }

        await Keep(judged, cancel);
        if (failed.Count > 0)
        {
            throw new AggregateException(failed);
        }
    }

    private async Task Keep(List<Judged> judged, CancellationToken cancel)
    {
        if (judged.Count == 0)
        {
            return;
        }

        try
        {
            await ledger.Write(judged, [], cancel);
        }
        catch
        {
            judged.ForEach(each => each.Subject.MarkLate(each.Anew!.Value));
            throw;
        }

        foreach (var each in judged)
        {
            each.Subject.Level = each.Level;
            ((StepSubject)each.Subject).JudgedUntil = each.Until!.Value;
        }
    }
}
