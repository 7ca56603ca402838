using System.Data.Common;
using System.Text;
using System.Text.Json;
using Dapper;
using Madang.Storage;

namespace Madang.Trust;

/// <summary>What stands in the store, as bytes for the digests of <see cref="RecordEntry.Before"/> and <see cref="RecordEntry.After"/>: the same rows have the same image.</summary>
public static class RowImage
{
    /// <summary>The rows of a query in their order; null when there is none.</summary>
    /// <param name="scope">The change that is recorded.</param>
    /// <param name="query">SQL that gives its rows an order when there may be several.</param>
    /// <param name="parameters">Its parameters.</param>
    public static async Task<ReadOnlyMemory<byte>?> Read(WriteScope scope, string query, object parameters)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var text = new StringBuilder();
        await using (var reader = await scope.Connection.ExecuteReaderAsync(query, parameters, scope.Transaction))
        {
            while (await reader.ReadAsync(scope.Cancel))
            {
                Write(text, reader);
            }
        }

        return text.Length == 0 ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(StringBuilder text, DbDataReader row)
    {
        for (var column = 0; column < row.FieldCount; column++)
        {
            var value = row.IsDBNull(column) ? null : row.GetValue(column);
            text.Append(row.GetName(column)).Append('=').Append(JsonSerializer.Serialize(value)).Append('\n');
        }
    }
}
