namespace Madang.Operations;

/// <summary>What a rule would have done over a time that is past.</summary>
/// <param name="Says">The rule in plain words.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after it.</param>
/// <param name="Datastreams">How many datastreams it watches.</param>
/// <param name="Subjects">What it speaks for, those with most time in force first; at most a thousand.</param>
public sealed record RuleTrial(RuleText Says, DateTimeOffset From, DateTimeOffset To, int Datastreams, IReadOnlyList<TrialSubject> Subjects);

/// <summary>What a rule would have done for one subject.</summary>
/// <param name="Code">The datastream's <c>@iot.id</c>, the district's or region's code, or <c>city</c>.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Datastreams">How many datastreams it speaks from.</param>
/// <param name="Steps">How many steps of time had a value.</param>
/// <param name="Times">How often each level was reached, by its name.</param>
/// <param name="HoursInForce">The hours for which any level was in force.</param>
/// <param name="Moves">Each step from one level to the next, in order of time; the first thousand.</param>
public sealed record TrialSubject(string Code, RuleText Name, int Datastreams, int Steps, IReadOnlyDictionary<string, int> Times, double HoursInForce, IReadOnlyList<TrialMove> Moves);

/// <summary>A step from one level to the next.</summary>
/// <param name="At">When it would have been known: the end of the step of time that caused it.</param>
/// <param name="Act"><c>issue</c>, <c>upgrade</c>, <c>downgrade</c> or <c>lift</c>.</param>
/// <param name="Level">The name of the level after it; null when it is lifted.</param>
/// <param name="Value">The value that caused it.</param>
public sealed record TrialMove(DateTimeOffset At, string Act, string? Level, double Value);
