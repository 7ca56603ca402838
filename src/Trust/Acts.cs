namespace Madang.Trust;

/// <summary>What somebody may do to a kind of thing.</summary>
public enum Act
{
    /// <summary>See what is not public.</summary>
    Read,

    /// <summary>Make, change and delete.</summary>
    Write,

    /// <summary>Tell a device to act.</summary>
    Command,

    /// <summary>Decide who may do what to it.</summary>
    Manage,

    /// <summary>Take it out in bulk.</summary>
    Export,
}

/// <summary>The kinds of things that permissions speak of.</summary>
public static class Kinds
{
    /// <summary>Things with all that hangs on them: Datastreams, Observations, Locations, Sensors.</summary>
    public const string Thing = "thing";

    /// <summary>Places and their shapes.</summary>
    public const string Place = "place";

    /// <summary>Departments, and which roles people have in them.</summary>
    public const string Department = "department";

    /// <summary>Providers, their projects and their keys.</summary>
    public const string Provider = "provider";

    /// <summary>People who have an account: who they are, and whether they may come in.</summary>
    public const string Person = "person";

    /// <summary>How often addresses, accounts and keys may ask.</summary>
    public const string Limit = "limit";

    /// <summary>The rules by which the city watches itself.</summary>
    public const string Rule = "rule";

    /// <summary>What the rules said, and what was done about it.</summary>
    public const string Alert = "alert";

    /// <summary>Warnings of other agencies, handed in to the city.</summary>
    public const string Warning = "warning";

    /// <summary>Incidents with all that people wrote in them, and the tasks of scenarios.</summary>
    public const string Incident = "incident";

    /// <summary>What a dispatch system says of its incidents.</summary>
    public const string Dispatch = "dispatch";

    /// <summary>What the city does by itself, and what came of it.</summary>
    public const string Automation = "automation";

    /// <summary>The record of who did what.</summary>
    public const string Record = "record";
}
