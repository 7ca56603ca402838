using System.Data.Common;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>A statement in the making: values become parameters, aliases never repeat. Names come from the model alone, never from a request.</summary>
internal sealed class SqlText(Engine engine, Dictionary<object, object?>? known = null)
{
    private readonly List<object?> values = [];
    private readonly List<(int Index, object About, Func<ReadScope, Task<object?>> Find)> later = [];
    private int aliases;

    public Engine Engine { get; } = engine;

    /// <summary>Adds a parameter and answers its name.</summary>
    public string Add(object? value)
    {
        values.Add(value);
        return $"@p{values.Count - 1}";
    }

    /// <summary>
    /// Adds a parameter whose value is read from the store, in the same snapshot, before the statement runs; once for all
    /// statements of a request that ask it at the same place (<paramref name="about"/>) of the question.
    /// </summary>
    public string Later(object about, Func<ReadScope, Task<object?>> find)
    {
        var name = Add(null);
        later.Add((values.Count - 1, about, find));
        return name;
    }

    public string Alias() => $"n{aliases++}";

    public async Task<DbCommand> Command(ReadScope read, string sql)
    {
        foreach (var (index, about, find) in later)
        {
            values[index] = known is not null && known.TryGetValue(about, out var before) ? before : await find(read);
            known?.TryAdd(about, values[index]);
        }

        later.Clear();
        var command = read.Connection.CreateCommand();
        command.Transaction = read.Transaction;
        command.CommandText = sql;
        for (var index = 0; index < values.Count; index++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"@p{index}";
            parameter.Value = values[index] ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
