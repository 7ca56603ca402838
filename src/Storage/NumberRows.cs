using Madang.Storage.Engines;
using Microsoft.Data.Sqlite;

namespace Madang.Storage;

/// <summary>One row of whole and floating-point numbers, as its engine has it; columns are counted from 0.</summary>
public interface INumberRow
{
    /// <summary>A whole number.</summary>
    long Whole(int column);

    /// <summary>A floating-point number.</summary>
    double Real(int column);
}

/// <summary>
/// Reads histories of millions of rows at the engine's own pace. On SQLite that is straight from the statement: the reader of
/// ADO.NET took four times as long for a row as SQLite itself.
/// </summary>
public static class NumberRows
{
    /// <summary>Gives each row in turn to <paramref name="take"/>, which does not keep it.</summary>
    /// <param name="read">The snapshot.</param>
    /// <param name="statement">One SELECT of numbers, none of them null where it is asked for.</param>
    /// <param name="parameters">What stands in it behind an @, by name.</param>
    /// <param name="take">What is done with a row.</param>
    public static async Task EachRow(this ReadScope read, string statement, (string Name, long Value)[] parameters, Action<INumberRow> take)
    {
        read.Cancel.ThrowIfCancellationRequested();
        if (read.Connection is SqliteConnection sqlite)
        {
            using var prepared = new SqliteStatement(sqlite, statement);
            foreach (var (name, value) in parameters)
            {
                prepared.Bind("@" + name, value);
            }

            try
            {
                while (prepared.Step())
                {
                    take(prepared);
                }
            }
            catch (SqliteException interrupted) when (SqliteDatabase.WasInterrupted(interrupted) && read.Cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(interrupted.Message, interrupted, read.Cancel);
            }

            return;
        }

        await using var command = read.Connection.CreateCommand();
        command.CommandText = statement;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        await using var rows = await command.ExecuteReaderAsync(read.Cancel);
        var row = new ReaderRow(rows);
        while (await rows.ReadAsync(read.Cancel))
        {
            take(row);
        }
    }

    private sealed class ReaderRow(System.Data.Common.DbDataReader reader) : INumberRow
    {
        public long Whole(int column) => reader.GetInt64(column);

        public double Real(int column) => reader.GetDouble(column);
    }
}
