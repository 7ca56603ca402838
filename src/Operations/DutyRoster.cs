using Madang.Kernel;

namespace Madang.Operations;

/// <summary>Who answers for the alerts of some rules: step after step, and who holds each step when.</summary>
/// <param name="Id">Its own word, such as <c>air</c>.</param>
/// <param name="Plan">What it says. Of its shifts those that are over are told for a month.</param>
/// <param name="ChangedAt">When it was written last; later with every change, also where the clock stood still.</param>
public sealed record DutyRoster(string Id, DutyPlan Plan, DateTimeOffset ChangedAt)
{
    /// <summary>Another and greater number with every change; who writes names the one that he read.</summary>
    public long Version => ChangedAt.ToMicros();

    /// <summary>People in shifts that are not over who may hold no duty: without an account that may come in, or without a role that acts on alerts. Their steps count as held by nobody.</summary>
    public IReadOnlyList<string> Idle { get; init; } = [];
}

/// <summary>What a roster says.</summary>
public sealed record DutyPlan
{
    /// <summary>What people call it.</summary>
    public required RuleText Name { get; init; }

    /// <summary>The department it is of, by its number; null for one of the whole city.</summary>
    public long? Department { get; init; }

    /// <summary>The rules whose alerts, and the scenarios whose messages, come to it, by their ids; <c>*</c> for all. Empty while it rests.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Who is told first, second, third, as steps.</summary>
    public IReadOnlyList<DutyStep> Steps { get; init; } = [];

    /// <summary>Who holds which step when.</summary>
    public IReadOnlyList<DutyShift> Shifts { get; init; } = [];

    /// <summary>True when the alerts of a rule come to it.</summary>
    public bool AnswersFor(string rule) => Rules.Contains(rule) || Rules.Contains("*");
}

/// <summary>One step of a roster.</summary>
/// <param name="WaitMinutes">How long it has to acknowledge an alert before the next step is told.</param>
public sealed record DutyStep(int WaitMinutes = DutyStep.UsualWait)
{
    /// <summary>As long as a step has when nobody says how long.</summary>
    public const int UsualWait = 10;
}

/// <summary>Somebody holds a step for a time.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Person">The id of an account.</param>
/// <param name="From">From when.</param>
/// <param name="Until">Until when; the moment itself is not in it.</param>
public sealed record DutyShift(int Step, string Person, DateTimeOffset From, DateTimeOffset Until);

/// <summary>Who is on duty at one moment.</summary>
/// <param name="Roster">The roster.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Rules">The rules it answers for.</param>
/// <param name="Holders">One for each step, in order.</param>
public sealed record DutyNow(string Roster, RuleText Name, IReadOnlyList<string> Rules, IReadOnlyList<DutyHolder> Holders);

/// <summary>Who holds a step.</summary>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Person">The id of an account; null while nobody holds it who may.</param>
/// <param name="Until">Until when; null while nobody does.</param>
public sealed record DutyHolder(int Step, string? Person, DateTimeOffset? Until);
