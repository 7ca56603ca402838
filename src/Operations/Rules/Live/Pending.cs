using Madang.Sensing;

namespace Madang.Operations.Rules;

/// <summary>What one fact caused, until it is kept.</summary>
internal sealed class Pending
{
    private readonly List<(LineSubject Line, DateTimeOffset? LastAt, int Level)> taken = [];
    private readonly List<Judged> judged = [];
    private readonly List<(LiveSubject Subject, DateTimeOffset After)> late = [];
    private readonly List<LadderMove> moves = [];

    public IReadOnlyList<(LiveSubject Subject, DateTimeOffset After)> LateOnes => late;

    public IReadOnlyList<Judged> Judged => judged;

    public bool IsSomething => late.Count > 0 || judged.Count > 0;

    /// <summary>All of a subject after a moment is to be judged again, but nothing from before its rule began.</summary>
    public void Late(LiveSubject subject, DateTimeOffset after)
    {
        late.Add((subject, MarkLate(subject, after)));
    }

    /// <summary>Marks it in memory alone; answers from when on.</summary>
    public static DateTimeOffset MarkLate(LiveSubject subject, DateTimeOffset after)
    {
        var begin = subject.Rule.Since - TimeSpan.FromMicroseconds(1);
        var from = after > begin ? after : begin;
        subject.MarkLate(from);
        return from;
    }

    /// <summary>A line takes readings; where it stood is remembered, and the moves it makes.</summary>
    public void Take(LineSubject line, IReadOnlyList<ToldReading> readings)
    {
        taken.Add((line, line.LastAt, line.Level));
        for (var index = 0; index < readings.Count; index++)
        {
            line.Take(readings[index].At, readings[index].Number, moves);
        }

        Keep(line);
    }

    /// <summary>A line hears that nothing came.</summary>
    public void Wait(LineSubject line, DateTimeOffset now)
    {
        taken.Add((line, line.LastAt, line.Level));
        line.Wait(now, moves);
        Keep(line);
    }

    /// <summary>Nothing of it could be kept: memory stands again where it stood.</summary>
    public void Undo()
    {
        for (var last = taken.Count - 1; last >= 0; last--)
        {
            taken[last].Line.Begin(taken[last].LastAt, taken[last].Level);
        }
    }

    private void Keep(LineSubject line)
    {
        if (moves.Count > 0)
        {
            judged.Add(new Judged(line, [.. moves]));
            moves.Clear();
        }
    }
}
