using System.Text.Json;
using Dapper;
using Madang.Kernel;
using Madang.Operations.Rules;
using Madang.Storage;

namespace Madang.Operations.Messages;

/// <summary>What a message tells, before it is put into words. Nothing in it is about a person.</summary>
internal sealed record MessageFacts
{
    /// <summary>The rule's name; of a task what is to be done.</summary>
    public required RuleText Title { get; init; }

    /// <summary>The alert's subject; of a task where, or what it belongs to.</summary>
    public required RuleText About { get; init; }

    /// <summary>Of a notice: what it says.</summary>
    public RuleText? Words { get; init; }

    public RuleText? Level { get; init; }

    public string? Rule { get; init; }

    public string? Subject { get; init; }

    public string? LevelName { get; init; }

    public double? Value { get; init; }

    public string? Unit { get; init; }

    public DateTimeOffset? Began { get; init; }

    /// <summary>With an escalation: the step that is told.</summary>
    public int? Step { get; init; }

    /// <summary>The address of the page about it, without its language: <c>/alerts/5</c>.</summary>
    public string? Path { get; init; }

    public CityData Data { get; init; }

    /// <summary>An alert as it stands, or as it stood at an entry.</summary>
    public static async Task<MessageFacts> OfAlert(WriteScope scope, long alert, Rule rule, long? level, double? value)
    {
        var row = await scope.Connection.QuerySingleAsync<Row>(
            "SELECT rule_id AS RuleId, subject AS Subject, subject_name_ko AS Ko, subject_name_en AS En, simulated AS Simulated, level AS Level, value AS Value, began_at AS Began FROM alerts WHERE id = @alert", new { alert }, scope.Transaction);
        var at = (int)(level ?? row.Level);
        var said = at > 0 && at <= rule.Levels.Count ? rule.Levels[at - 1] : null;
        return new MessageFacts
        {
            Title = rule.Name, About = new(row.Ko, row.En), Level = said is null ? null : said.Title ?? new(said.Name, said.Name), LevelName = said?.Name, Rule = row.RuleId, Subject = row.Subject, Value = value ?? row.Value,
            Unit = rule.ValueUnit, Began = IsoTime.FromMicros(row.Began), Path = FormattableString.Invariant($"/alerts/{alert}"),
            Data = row.Simulated == 1 ? CityData.Simulated : CityData.Real,
        };
    }

    /// <summary>True when it wakes people: the level called <c>warning</c> and those above it; the second, where a rule calls none so.</summary>
    public bool IsUrgent(Rule rule)
    {
        var names = rule.Levels.Select(level => level.Name).ToList();
        return LevelName is { } name && names.IndexOf(name) >= (names.IndexOf("warning") is >= 0 and var warning ? warning : 1);
    }

    public string Write() => JsonSerializer.Serialize(this, RuleForm.Options);

    public static MessageFacts Read(string text) => JsonSerializer.Deserialize<MessageFacts>(text, RuleForm.Options)!;

    private sealed record Row
    {
        public string RuleId { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Ko { get; init; } = "";

        public string En { get; init; } = "";

        public long Simulated { get; init; }

        public long Level { get; init; }

        public double Value { get; init; }

        public long Began { get; init; }
    }
}
