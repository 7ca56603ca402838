using System.Data.Common;
using Madang.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Madang.Bench;

/// <summary>The store of a city, read by its engine alone: the least that any server over it could take.</summary>
internal sealed class BareStore(DbConnection connection) : IAsyncDisposable
{
    private readonly Dictionary<string, DbCommand> prepared = [];

    public static async Task<BareStore> Open(Engine engine, string place)
    {
        DbConnection connection = engine == Engine.Postgres ? new NpgsqlConnection(place) : new SqliteConnection($"Data Source={Path.Combine(place, "madang.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        return new BareStore(connection);
    }

    /// <summary>Asks a statement that is prepared once, and reads every cell.</summary>
    public async Task Read(string statement, long id)
    {
        if (!prepared.TryGetValue(statement, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = statement;
            var parameter = command.CreateParameter();
            parameter.ParameterName = "id";
            parameter.Value = id;
            command.Parameters.Add(parameter);
            await command.PrepareAsync();
            prepared.Add(statement, command);
        }

        command.Parameters[0].Value = id;
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            for (var column = 0; column < rows.FieldCount; column++)
            {
                rows.GetValue(column);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values)
        {
            await command.DisposeAsync();
        }

        await connection.DisposeAsync();
    }
}
