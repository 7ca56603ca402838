namespace Madang.Trust;

/// <summary>A role: what whoever has it may do in his department and those below it.</summary>
/// <param name="Code">Its word in addresses and tables.</param>
/// <param name="Permissions">What it allows. What is not said here is denied.</param>
public sealed record Role(string Code, IReadOnlyList<(Act Act, string Kind)> Permissions)
{
    /// <summary>Every role, in order of its reach.</summary>
    public static IReadOnlyList<Role> All { get; } =
    [
        // Decides who may do what, and does nothing else: so that one stolen account does not do both.
        new("administrator", [(Act.Manage, Kinds.Department), (Act.Manage, Kinds.Provider), (Act.Manage, Kinds.Person), (Act.Read, Kinds.Department), (Act.Read, Kinds.Provider), (Act.Read, Kinds.Person)]),
        new("operator", [(Act.Read, Kinds.Thing), (Act.Write, Kinds.Thing), (Act.Command, Kinds.Thing), (Act.Write, Kinds.Place), (Act.Manage, Kinds.Provider), (Act.Read, Kinds.Provider), (Act.Manage, Kinds.Limit), (Act.Write, Kinds.Rule), (Act.Read, Kinds.Alert), (Act.Write, Kinds.Alert), (Act.Write, Kinds.Warning), (Act.Read, Kinds.Incident), (Act.Write, Kinds.Incident), (Act.Write, Kinds.Dispatch), (Act.Read, Kinds.Automation), (Act.Write, Kinds.Automation)]),
        new("official", [(Act.Read, Kinds.Thing), (Act.Export, Kinds.Thing), (Act.Read, Kinds.Provider), (Act.Write, Kinds.Rule), (Act.Read, Kinds.Alert), (Act.Write, Kinds.Alert), (Act.Write, Kinds.Warning), (Act.Read, Kinds.Incident), (Act.Write, Kinds.Incident), (Act.Write, Kinds.Dispatch), (Act.Read, Kinds.Automation), (Act.Write, Kinds.Automation)]),
        new("mayor", [(Act.Read, Kinds.Thing), (Act.Export, Kinds.Thing), (Act.Read, Kinds.Provider), (Act.Read, Kinds.Department), (Act.Read, Kinds.Alert), (Act.Read, Kinds.Incident), (Act.Read, Kinds.Automation)]),
        new("auditor", [(Act.Read, Kinds.Record), (Act.Export, Kinds.Record), (Act.Manage, Kinds.Record), (Act.Read, Kinds.Department), (Act.Read, Kinds.Provider)]),
        new(Everybodys, []),
    ];

    private static readonly Dictionary<string, (string Ko, string En)> Names = new()
    {
        ["administrator"] = ("관리자", "administrator"),
        ["operator"] = ("운영자", "operator"),
        ["official"] = ("담당 공무원", "official"),
        ["mayor"] = ("시장", "mayor"),
        ["auditor"] = ("감사 담당자", "auditor"),
        ["citizen"] = ("시민", "citizen"),
    };

    /// <summary>What it is called in Korean.</summary>
    public string NameKo => Names[Code].Ko;

    /// <summary>What it is called in English.</summary>
    public string NameEn => Names[Code].En;

    /// <summary>The role that allows nothing beyond what everybody may.</summary>
    public const string Everybodys = "citizen";

    /// <summary>The role of a code; null when there is none.</summary>
    public static Role? Find(string code) => All.FirstOrDefault(role => role.Code == code);
}
