using System.Globalization;
using Madang.Kernel;

namespace Madang.Operations.Incidents;

/// <summary>A stage as it was said last; without a time it was taken back.</summary>
internal readonly record struct SaidStage(string Stage, DateTimeOffset? At, DateTimeOffset ToldAt, string? ToldBy);

/// <summary>The stages of an incident in their order. Pure: the same words give the same line, in whatever order they came.</summary>
internal static class StageLine
{
    /// <summary>The stages that were reached, in the order of the kind; one whose time lies before that of an earlier stage is doubtful.</summary>
    public static IReadOnlyList<IncidentStageTime> Of(IncidentKind kind, IReadOnlyCollection<SaidStage> said)
    {
        var line = new List<IncidentStageTime>();
        var last = DateTimeOffset.MinValue;
        foreach (var stage in kind.Stages)
        {
            if (said.FirstOrDefault(each => each.Stage == stage.Code) is { At: { } at } known)
            {
                line.Add(new IncidentStageTime(stage, at, known.ToldAt, known.ToldBy, at < last));
                last = at < last ? last : at;
            }
        }

        return line;
    }

    /// <summary>The last stage that was reached; null for none.</summary>
    public static IncidentStageTime? Last(IReadOnlyList<IncidentStageTime> line) => line.LastOrDefault(each => !each.IsDoubtful);

    /// <exception cref="InvalidInputException">A stage does not begin before one that comes before it, nor after one that comes after it, nor in the future.</exception>
    public static void Check(IncidentKind kind, IReadOnlyList<IncidentStageTime> line, string stage, DateTimeOffset at, DateTimeOffset now)
    {
        var order = kind.Order(stage);
        if (at > now)
        {
            throw new InvalidInputException("at", "is in the future");
        }

        foreach (var other in line.Where(each => !each.IsDoubtful))
        {
            var place = kind.Order(other.Stage.Code);
            if (place < order && at < other.At)
            {
                throw new InvalidInputException("at", string.Create(CultureInfo.InvariantCulture, $"is before the stage before it ({other.Stage.Code}, {IsoTime.Write(other.At)})"));
            }

            if (place > order && at > other.At)
            {
                throw new InvalidInputException("at", string.Create(CultureInfo.InvariantCulture, $"is after the stage after it ({other.Stage.Code}, {IsoTime.Write(other.At)})"));
            }
        }
    }

    /// <summary>What became of each golden time.</summary>
    public static IReadOnlyList<IncidentTarget> Targets(IncidentKind kind, IReadOnlyList<IncidentStageTime> line, bool isOpen, DateTimeOffset now) => [.. kind.Targets.Select(target => Target(kind, line, target, isOpen, now))];

    private static IncidentTarget Target(IncidentKind kind, IReadOnlyList<IncidentStageTime> line, GoldenTime target, bool isOpen, DateTimeOffset now)
    {
        var (from, to, last) = (Find(line, target.From), Find(line, target.To), Last(line));
        var due = from?.At.AddMinutes(target.Minutes);
        bool IsPast(string stage) => !isOpen || kind.Order(last?.Stage.Code) >= kind.Order(stage);
        var state = (from, to) switch
        {
            (null, null) => IsPast(target.From) ? TargetState.Unknown : TargetState.Waiting,
            (null, _) => TargetState.Unknown,
            (_, { } reached) => reached.At <= due ? TargetState.Met : TargetState.Missed,
            _ => IsPast(target.To) ? TargetState.Unknown : now <= due ? TargetState.Running : TargetState.Late,
        };
        var until = to?.At ?? (state is TargetState.Running or TargetState.Late ? now : null);
        return new IncidentTarget(kind.FindStage(target.From)!, kind.FindStage(target.To)!, target.Minutes, target.Source, state, due, until - from?.At is { } time ? Math.Round(time.TotalMinutes, 1) : null);
    }

    private static IncidentStageTime? Find(IReadOnlyList<IncidentStageTime> line, string stage) => line.FirstOrDefault(each => each.Stage.Code == stage && !each.IsDoubtful);
}
