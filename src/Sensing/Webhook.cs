namespace Madang.Sensing;

/// <summary>Whether a webhook is told of anything.</summary>
public enum WebhookState
{
    /// <summary>It is told.</summary>
    On = 1,

    /// <summary>Somebody switched it off.</summary>
    Off = 2,

    /// <summary>It kept failing and was switched off; what waits for it is kept.</summary>
    Failing = 3,
}

/// <summary>An address that is told of new Observations which meet a query. What is told is what the public may read.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Url">Where it is told.</param>
/// <param name="Query">The query below the service root, such as <c>Datastreams(5)/Observations?$filter=result gt 35</c>.</param>
/// <param name="State">Whether it is told of anything.</param>
/// <param name="Waiting">How many messages wait for it.</param>
/// <param name="Delivered">How many messages it took.</param>
/// <param name="Dropped">How many messages were dropped because too many waited.</param>
/// <param name="LastAt">When it was last called; null when never.</param>
/// <param name="LastOutcome">What came of that: the status of its answer, or why there was none.</param>
/// <param name="MadeAt">When it was made.</param>
public sealed record Webhook(
    long Id, string Name, string Url, string Query, WebhookState State, long Waiting, long Delivered, long Dropped, DateTimeOffset? LastAt, string? LastOutcome, DateTimeOffset MadeAt);
