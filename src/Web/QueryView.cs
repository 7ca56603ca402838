using Madang.Sensing;

namespace Madang.Web;

/// <summary>The page to try queries: what was asked, and what the door answered.</summary>
/// <param name="Visit">The reader and the page.</param>
/// <param name="Asked">The address as it was written; null when nothing is asked yet.</param>
/// <param name="Examples">Queries to begin with.</param>
public sealed record QueryView(Visit Visit, string? Asked, IReadOnlyList<QueryExample> Examples)
{
    /// <summary>The path of the service root the query is asked at.</summary>
    public string Root { get; init; } = "/sta/v1.1";

    /// <summary>The query as it goes over the wire: path and query.</summary>
    public string? Address { get; init; }

    /// <summary>The same for a command line.</summary>
    public string? Curl { get; init; }

    /// <summary>What the door answered; null when nothing was asked of it.</summary>
    public SensorThingsAnswer? Answer { get; init; }

    /// <summary>The content as it is shown, in lines.</summary>
    public string Text { get; init; } = "";

    /// <summary>False when more was answered than is shown.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The query of the next page; null on the last.</summary>
    public string? Next { get; init; }

    /// <summary>What is wrong; null when nothing is.</summary>
    public QueryProblem? Problem { get; init; }
}

/// <summary>What the door said was wrong, and what may help.</summary>
/// <param name="Text">The door's own sentence.</param>
/// <param name="Field">The option or part it speaks of; null when it names none.</param>
/// <param name="Code">The stable word of the mistake; null when there is none.</param>
/// <param name="Hints">Help in the reader's language, for the mistakes that are often made.</param>
public sealed record QueryProblem(string Text, string? Field, string? Code, IReadOnlyList<string> Hints);

/// <summary>A query to begin with.</summary>
/// <param name="Key">Its word: what it shows is said by the words <c>ask.example.</c> and this.</param>
/// <param name="Query">The query, to be read.</param>
public sealed record QueryExample(string Key, string Query);
