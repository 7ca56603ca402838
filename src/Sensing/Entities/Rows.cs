using Dapper;
using Madang.Sensing.Model;
using Madang.Storage;
using Madang.Trust;

namespace Madang.Sensing.Entities;

/// <summary>Single rows by the model: insert, update, and whether one is there. Column names come from the model alone.</summary>
internal sealed class Rows(Visibility visibility)
{
    public static Task<long> Insert(WriteScope scope, EntitySet set, IEnumerable<ColumnValue> columns)
    {
        var values = columns.ToList();
        var (parameters, names) = Parameters(scope, values);
        return scope.Connection.ExecuteScalarAsync<long>(
            $"INSERT INTO {set.Table} ({string.Join(", ", values.Select(value => value.Column))}) VALUES ({string.Join(", ", names)}) RETURNING id", parameters, scope.Transaction);
    }

    public static async Task Update(WriteScope scope, EntitySet set, long id, IEnumerable<ColumnValue> columns)
    {
        var values = columns.ToList();
        if (values.Count == 0)
        {
            return;
        }

        var (parameters, names) = Parameters(scope, values);
        parameters.Add("id", id);
        await scope.Connection.ExecuteAsync(
            $"UPDATE {set.Table} SET {string.Join(", ", values.Select((value, index) => $"{value.Column} = {names[index]}"))} WHERE id = @id", parameters, scope.Transaction);
    }

    /// <summary>True when the entity is there and may be seen. On PostgreSQL it is locked against deletion until the commit.</summary>
    public async Task<bool> Exists(WriteScope scope, EntitySet set, long id) =>
        await scope.Connection.ExecuteScalarAsync<long?>(
            $"SELECT t.id FROM {set.Table} t WHERE t.id = @id AND {set.Only("t")} AND {visibility.Condition(set.Table, "t")}{(scope.Engine == Engine.Postgres ? " FOR KEY SHARE" : "")}", new { id }, scope.Transaction) is not null;

    /// <summary>True when the entity is there and may be seen; refuses a caller who may see it and not change it.</summary>
    public async Task<bool> IsTheirs(WriteScope scope, EntitySet set, long id)
    {
        if (!await Exists(scope, set, id))
        {
            return false;
        }

        Ownership.Demand(await scope.Connection.ExecuteScalarAsync<long?>($"SELECT {Ownership.ProviderOf(set, "t")} FROM {set.Table} t WHERE t.id = @id", new { id }, scope.Transaction));
        await Ownership.DemandDependents(scope, set, id);
        return true;
    }

    private static (DynamicParameters Parameters, List<string> Names) Parameters(WriteScope scope, List<ColumnValue> values)
    {
        var parameters = new DynamicParameters();
        var names = new List<string>();
        for (var index = 0; index < values.Count; index++)
        {
            parameters.Add($"v{index}", values[index].Value);
            names.Add(values[index].Json ? scope.Engine.Json($"@v{index}", "json") : $"@v{index}");
        }

        return (parameters, names);
    }
}
