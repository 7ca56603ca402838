using System.Globalization;
using Madang.Storage;

namespace Madang.Bench;

/// <summary>The options behind a bench's name: each a name and a value.</summary>
internal sealed class Arguments(string[] words)
{
    /// <summary>True when every name is one of those a bench knows. A word that is not understood would start an hour's work of another kind than was meant.</summary>
    public bool AreAmong(params string[] names) => words.Length % 2 == 0 && words.Where((_, index) => index % 2 == 0).All(names.Contains);

    public IEnumerable<Engine> Engines => Text("--engine", "both") switch
    {
        "sqlite" => [Engine.Sqlite],
        "postgres" => [Engine.Postgres],
        _ => [Engine.Sqlite, Engine.Postgres],
    };

    public int Number(string name, int otherwise) => int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public string[] Words(string name, string otherwise) => Text(name, otherwise).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public string? Text(string name) => Text(name, "") is { Length: > 0 } text ? text : null;

    private string Text(string name, string otherwise) => Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : otherwise;
}
