namespace Madang.Web;

/// <summary>An Observation that a deletion would delete.</summary>
/// <param name="Id">Its <c>@iot.id</c>.</param>
/// <param name="At">The start of its phenomenon time.</param>
/// <param name="Result">What it says, as JSON.</param>
/// <param name="Name">The name of its Datastream.</param>
public sealed record DeletionExample(long Id, DateTimeOffset At, string Result, string Name);
