namespace Madang.Operations.Rules;

/// <summary>What one fact caused, until it is kept.</summary>
internal sealed class Pending
{
    private readonly Dictionary<LineSubject, (List<LadderMove> Moves, DateTimeOffset? LastAt, int Level)> lines = [];
    private readonly List<(LiveSubject Subject, DateTimeOffset After)> late = [];

    public IReadOnlyList<(LiveSubject Subject, DateTimeOffset After)> LateOnes => late;

    public IReadOnlyList<Judged> Judged => [.. lines.Where(each => each.Value.Moves.Count > 0).Select(each => new Judged(each.Key, each.Value.Moves))];

    public bool IsSomething => late.Count > 0 || lines.Values.Any(each => each.Moves.Count > 0);

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

    /// <summary>The moves of a line, which is about to take readings.</summary>
    public List<LadderMove> Moves(LineSubject line)
    {
        if (!lines.TryGetValue(line, out var known))
        {
            lines[line] = known = ([], line.LastAt, line.Level);
        }

        return known.Moves;
    }

    /// <summary>Nothing of it could be kept: memory stands again where it stood.</summary>
    public void Undo()
    {
        foreach (var (line, (_, lastAt, level)) in lines)
        {
            line.Begin(lastAt, level);
        }
    }
}
