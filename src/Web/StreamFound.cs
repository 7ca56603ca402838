namespace Madang.Web;

/// <summary>A Datastream that was looked for.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="Words">How it is called: its sensor and what it measures.</param>
public sealed record StreamFound(long Datastream, string Words)
{
    /// <summary>So many are shown.</summary>
    public const int Most = 30;
}
