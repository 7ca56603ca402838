namespace Madang.Kernel;

/// <summary>Input that cannot be accepted: answered with 400 and the name of the field. Nothing was stored.</summary>
public sealed class InvalidInputException(string field, string reason, int status = 400) : Exception($"{field}: {reason}")
{
    /// <summary>The field, option or position that is wrong, as the sender wrote it (<c>Datastreams[0].name</c>).</summary>
    public string Field { get; } = field;

    /// <summary>What is wrong with it and what would be right.</summary>
    public string Reason { get; } = reason;

    /// <summary>The HTTP status to answer with: 400, or 413 for too much, 415 for the wrong type, 501 for what is not offered yet.</summary>
    public int Status { get; } = status;
}

/// <summary>A rule of the city that a request would break: answered with 409 (or 404, 422) and a stable code.</summary>
public sealed class CityRuleException(string code, string reason, int status = 409, string? allow = null) : Exception(reason)
{
    /// <summary>A stable, hyphenated code that programs may rely on.</summary>
    public string Code { get; } = code;

    /// <summary>The HTTP status to answer with.</summary>
    public int Status { get; } = status;

    /// <summary>With 405: the methods that are offered there (<c>GET, HEAD</c>).</summary>
    public string? Allow { get; } = allow;
}

/// <summary>The store cannot take or give data now (full queue, full disk, no connection): answered with 503 and <c>Retry-After</c>. Nothing was stored.</summary>
public sealed class UnavailableException(string code, string reason, TimeSpan retryAfter, Exception? cause = null, int status = 503) : Exception(reason, cause)
{
    /// <summary>The HTTP status: 503, or 429 when it is the caller who asks too often.</summary>
    public int Status { get; } = status;

    /// <summary>A stable, hyphenated code that programs may rely on.</summary>
    public string Code { get; } = code;

    /// <summary>How long the sender should wait before the next try.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
