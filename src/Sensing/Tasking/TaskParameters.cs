using System.Globalization;
using System.Text.Json;
using Dapper;
using Madang.Sensing.Entities;
using Madang.Storage;

namespace Madang.Sensing.Tasking;

/// <summary>Judges what a Task brings by what its TaskingCapability describes (OGC 17-079r1, create-tasks/task-creation): no device is told what it does not understand.</summary>
internal static class TaskParameters
{
    /// <summary>Refuses a TaskingCapability whose description of its parameters could not judge any Task.</summary>
    public static void CheckDescription(IEnumerable<ColumnValue> columns, string path)
    {
        if (columns.FirstOrDefault(column => column.Column == "parameters") is { Value: string written })
        {
            using var json = JsonDocument.Parse(written);
            Component.Read(json.RootElement, path);
        }
    }

    /// <summary>Refuses a Task whose parameters do not fit its TaskingCapability.</summary>
    public static async Task Check(WriteScope scope, IReadOnlyList<ColumnValue> columns, string path)
    {
        object? Value(string name) => columns.First(column => column.Column == name).Value;
        var description = await scope.Connection.ExecuteScalarAsync<string>(
            "SELECT CAST(parameters AS TEXT) FROM tasking_capabilities WHERE id = @id", new { id = Convert.ToInt64(Value("capability_id"), CultureInfo.InvariantCulture) }, scope.Transaction);
        using var described = JsonDocument.Parse(description!);
        using var given = JsonDocument.Parse((string)Value("parameters")!);
        Component.Read(described.RootElement, "TaskingCapability.taskingParameters").Check(given.RootElement, path);
    }
}
