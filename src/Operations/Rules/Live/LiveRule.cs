namespace Madang.Operations.Rules;

/// <summary>A rule that judges now.</summary>
/// <param name="Id">The rule's word.</param>
/// <param name="Revision">Its revision.</param>
/// <param name="Rule">What it says.</param>
/// <param name="Since">From when it judges; nothing before is said.</param>
internal sealed record LiveRule(string Id, int Revision, Rule Rule, DateTimeOffset Since)
{
    public Ladder Ladder { get; } = RuleHistory.LadderOf(Rule);

    /// <summary>True for the same revision of the same rule.</summary>
    public bool IsSame(LiveRule other) => (Id, Revision) == (other.Id, other.Revision);

    /// <summary>True when it goes by single readings, as they come; else by steps of time, when they are over.</summary>
    public bool GoesByReadings => Rule.Signal is ReadingSignal or ChangeSignal or UnchangedSignal or SilenceSignal;
}

/// <summary>What a live rule speaks for.</summary>
internal readonly record struct SubjectKey(string Rule, int Revision, string Subject);
