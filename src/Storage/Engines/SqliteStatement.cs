using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Madang.Storage;

/// <summary>
/// A prepared statement bound by position, straight on SQLite. The ADO.NET command looks up each parameter by its name for
/// each row, which costs more than the insert itself. Those of the writing
/// connection are kept and used inside its transactions only; a reader disposes its own.
/// </summary>
public sealed class SqliteStatement : INumberRow, IDisposable
{
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, SqliteStatement>> Prepared = [];

    private readonly SqliteConnection connection;
    private readonly sqlite3_stmt statement;

    internal SqliteStatement(SqliteConnection connection, string sql)
    {
        this.connection = connection;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement), connection.Handle);
    }

    /// <summary>The statement of this SQL on the scope's connection, prepared when it is first asked for and kept as long as the connection.</summary>
    public static SqliteStatement On(WriteScope scope, string sql)
    {
        var connection = (SqliteConnection)scope.Connection;
        var statements = Prepared.GetOrCreateValue(connection);
        if (!statements.TryGetValue(sql, out var statement))
        {
            statements.Add(sql, statement = new SqliteStatement(connection, sql));
        }

        return statement;
    }

    /// <summary>Ends what was prepared on a connection that will be closed: SQLite keeps the file open as long as a statement lives.</summary>
    internal static void Release(SqliteConnection connection)
    {
        if (Prepared.TryGetValue(connection, out var statements))
        {
            Prepared.Remove(connection);
            foreach (var prepared in statements.Values)
            {
                prepared.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();

    /// <summary>Binds a whole number to a parameter of this name.</summary>
    internal void Bind(string name, long value) =>
        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(statement, raw.sqlite3_bind_parameter_index(statement, name), value), connection.Handle);

    /// <summary>Binds a whole number to a parameter, counted from 1.</summary>
    public void Bind(int position, long value) => raw.sqlite3_bind_int64(statement, position, value);

    /// <summary>Binds a whole number or null.</summary>
    public void Bind(int position, long? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_int64(statement, position, number);
        }
        else
        {
            raw.sqlite3_bind_null(statement, position);
        }
    }

    /// <summary>Binds a floating-point number or null.</summary>
    public void Bind(int position, double? value)
    {
        if (value is { } number)
        {
            raw.sqlite3_bind_double(statement, position, number);
        }
        else
        {
            raw.sqlite3_bind_null(statement, position);
        }
    }

    /// <summary>Binds text or null.</summary>
    public void Bind(int position, string? value)
    {
        if (value is null)
        {
            raw.sqlite3_bind_null(statement, position);
        }
        else
        {
            raw.sqlite3_bind_text(statement, position, value);
        }
    }

    /// <summary>Binds bytes.</summary>
    public void Bind(int position, ReadOnlySpan<byte> value) => raw.sqlite3_bind_blob(statement, position, value);

    /// <summary>Runs it with what is bound.</summary>
    public void Run()
    {
        while (Step())
        {
            // Rows that a RETURNING gives and nobody wants.
        }
    }

    /// <summary>Moves to the next row; false at the end, where the statement is ready to be bound again.</summary>
    public bool Step()
    {
        var answer = raw.sqlite3_step(statement);
        if (answer == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(statement);
        SqliteException.ThrowExceptionForRC(answer == raw.SQLITE_DONE ? raw.SQLITE_OK : answer, connection.Handle);
        return false;
    }

    /// <summary>A text of the current row, by its column from 0; empty for NULL.</summary>
    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>A whole number of the current row, by its column from 0.</summary>
    public long Whole(int column) => raw.sqlite3_column_int64(statement, column);

    /// <summary>A floating-point number of the current row, by its column from 0.</summary>
    public double Real(int column) => raw.sqlite3_column_double(statement, column);

    /// <summary>True when the current row has no value in the column.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;
}
