namespace Madang.Trust;

/// <summary>Where somebody goes who comes back from another provider; the pages fill it in. Each is given whether the person reads English.</summary>
public sealed class ExternalPages
{
    /// <summary>After a failure, by its word: <c>external-failed</c>, <c>external-unknown</c>, <c>external-known</c>.</summary>
    public Func<bool, string, string> Failed { get; set; } = (_, _) => "/";

    /// <summary>Where the code of the app is asked for, with the address to go on to.</summary>
    public Func<bool, string, string> Second { get; set; } = (_, _) => "/";

    /// <summary>After linking, with a word when it failed: <c>external-failed</c>, <c>external-taken</c>.</summary>
    public Func<bool, string?, string> Linked { get; set; } = (_, _) => "/";
}
