using Madang.Operations;

namespace Madang.Web.Draw;

/// <summary>Where the words on a chart stand: not on its lines, as far as there is another place. Lengths are per cent of the plot.</summary>
internal sealed class ChartLabels(ChartView view, ChartPlan plan)
{
    /// <summary>As much of the plot as words take, on a chart of middle width.</summary>
    private const double Wide = 22, Narrow = 16;

    /// <summary>Beyond this place the words of a newest point stand before it, so that they do not leave the chart.</summary>
    public const double EndsBefore = 70;

    /// <summary>How tall a line of words is, with some air.</summary>
    internal const double Tall = 8;

    /// <summary>The names of limits that have their place already.</summary>
    private readonly List<(bool Right, double Over)> named = [];

    private static readonly LimitPlace[] Places = [LimitPlace.Left, LimitPlace.Left | LimitPlace.Over, LimitPlace.Right, LimitPlace.Right | LimitPlace.Over];

    /// <summary>Beside a limit where no line passes; at its left end when lines are everywhere.</summary>
    public LimitPlace PlaceOf(ChartLimit limit)
    {
        var y = plan.Across(limit.Value);
        double Over(LimitPlace place) => place.HasFlag(LimitPlace.Over) ? y - Tall : y;
        bool IsFree(LimitPlace place)
        {
            var (left, right) = place.HasFlag(LimitPlace.Right) ? (100 - Wide, 100d) : (0, Wide);
            var (over, under) = (Over(place), Over(place) + Tall);
            return over > -2 && under < 102 && !(place.HasFlag(LimitPlace.Right) && Newest.Any(newest => over < newest + 2 && under > newest - (2 * Tall))) && !Spots(left, right).Any(spot => spot >= over && spot <= under)
                && !named.Exists(name => name.Right == place.HasFlag(LimitPlace.Right) && Math.Abs(name.Over - over) < Tall);
        }

        var chosen = Places.Where(IsFree).DefaultIfEmpty(LimitPlace.Left).First();
        named.Add((chosen.HasFlag(LimitPlace.Right), Over(chosen)));
        return chosen;
    }

    /// <summary>
    /// The newest point of each line: its words stand over or under what the line was just before, so that they hide nothing of it; on the side
    /// that is nearer to the point, unless another line or its words are there; never on the labels of the axis.
    /// </summary>
    public IReadOnlyList<ChartEnd> Ends()
    {
        var placed = new List<ChartEnd>();
        foreach (var line in view.Lines.Where(line => line.Points.Count > 0 && Plausible.Is(view.Measure, line.Points[^1].Value)).OrderBy(line => plan.Across(line.Points[^1].Value)))
        {
            var point = line.Points[^1];
            var (at, y) = (plan.Along(point.Middle), plan.Across(point.Value));
            // Words that stand to the right of the point have nothing of its own line under them.
            var (left, right) = at > EndsBefore ? (at - Narrow, at) : (at, at + Narrow);
            var own = at > EndsBefore ? Spots(line, left, right).Append(y).ToList() : [y];
            var others = view.Lines.Where(other => other != line).SelectMany(other => Spots(other, left, right)).ToList();
            var sides = ((ChartEnd[])[new(line, point, own.Min(), true), new(line, point, own.Max(), false)]).OrderBy(side => Math.Abs(side.Y - y)).ToList();
            placed.Add(sides.Find(side => side.Over > -Tall / 2 && side.Under < 100 && !others.Exists(side.Hides) && !placed.Exists(side.Meets)) ?? sides.Find(side => side.Over > -Tall / 2 && side.Under < 100 && !placed.Exists(side.Meets)) ?? sides.Find(side => side.Under < 100) ?? sides.Find(side => side.Above)!);
        }

        return placed;
    }

    /// <summary>The heights of the newest points whose words stand before them, at the right end.</summary>
    private IEnumerable<double> Newest =>
        view.Lines.Where(line => line.Points.Count > 0 && plan.Along(line.Points[^1].Middle) > EndsBefore && Plausible.Is(view.Measure, line.Points[^1].Value)).Select(line => plan.Across(line.Points[^1].Value));

    private IEnumerable<double> Spots(double left, double right) => view.Lines.SelectMany(line => Spots(line, left, right));

    /// <summary>The heights at which a line passes between two places, also between its points.</summary>
    private IEnumerable<double> Spots(ChartLine line, double left, double right)
    {
        (double X, double Y)? before = null;
        foreach (var point in line.Points.Where(point => Plausible.Is(view.Measure, point.Value)))
        {
            var here = (X: plan.Along(point.Middle), Y: plan.Across(point.Value));
            foreach (var part in before is { } last && here.X - last.X > 1 ? (double[])[0.25, 0.5, 0.75, 1] : [1])
            {
                var (x, y) = before is { } from ? (from.X + ((here.X - from.X) * part), from.Y + ((here.Y - from.Y) * part)) : here;
                if (x >= left && x <= right)
                {
                    yield return y;
                }
            }

            before = here;
        }
    }
}

/// <summary>Where the name of a limit stands.</summary>
[Flags]
internal enum LimitPlace
{
    /// <summary>At the left end, under its line.</summary>
    Left = 0,

    /// <summary>At the right end.</summary>
    Right = 1,

    /// <summary>Over its line.</summary>
    Over = 2,
}

/// <summary>The newest point of a line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Point">The point.</param>
/// <param name="Y">The height beside which its words stand, in per cent from the top.</param>
/// <param name="Above">True when they stand above that height.</param>
internal sealed record ChartEnd(ChartLine Line, ChartPoint Point, double Y, bool Above)
{
    /// <summary>The upper edge of its words.</summary>
    public double Over => Above ? Y - ChartLabels.Tall : Y;

    /// <summary>The lower edge of its words; on a telephone, where a chart is low, what stands below a point takes more of it.</summary>
    public double Under => Above ? Y : Y + (1.5 * ChartLabels.Tall);

    /// <summary>True when its words would stand on this height.</summary>
    public bool Hides(double height) => height > Over && height < Under;

    /// <summary>True when its words would stand on those of another.</summary>
    public bool Meets(ChartEnd other) => Over < other.Under && Under > other.Over;
}
