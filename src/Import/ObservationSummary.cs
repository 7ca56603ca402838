namespace Madang.Import;

/// <summary>What an import of observations did, in numbers.</summary>
public sealed record ObservationSummary
{
    /// <summary>Rows of the file, without its header and blank lines.</summary>
    public long Rows { get; set; }

    /// <summary>Things that the city did not have.</summary>
    public long ThingsMade { get; set; }

    /// <summary>Things that the city had from an earlier import.</summary>
    public long ThingsFound { get; set; }

    /// <summary>Datastreams that the city did not have.</summary>
    public long DatastreamsMade { get; set; }

    /// <summary>Datastreams that the city had from an earlier import.</summary>
    public long DatastreamsFound { get; set; }

    /// <summary>Observations stored now.</summary>
    public long Stored { get; set; }

    /// <summary>Observations that the city had already, with the same value.</summary>
    public long AlreadyThere { get; set; }

    /// <summary>Observations that the city has with another value; they are reported as rejected and nothing is overwritten.</summary>
    public long Different { get; set; }

    /// <summary>Cells without a value.</summary>
    public long EmptyCells { get; set; }

    /// <summary>Lines in the file of rejected cells and rows, <see cref="Different"/> included.</summary>
    public long Rejected { get; set; }

    /// <summary>That file; null when nothing was rejected.</summary>
    public string? RejectedFile { get; set; }
}
