using System.Data.Common;
using Madang.Storage;

namespace Madang.Sensing.Query;

/// <summary>A statement in the making: values become parameters, aliases never repeat. Names come from the model alone, never from a request.</summary>
internal sealed class SqlText(Engine engine)
{
    private readonly List<object?> values = [];
    private int aliases;

    public Engine Engine { get; } = engine;

    /// <summary>Adds a parameter and answers its name.</summary>
    public string Add(object? value)
    {
        values.Add(value);
        return $"@p{values.Count - 1}";
    }

    public string Alias() => $"n{aliases++}";

    public DbCommand Command(ReadScope read, string sql)
    {
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
