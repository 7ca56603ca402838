using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Madang.Kernel;

namespace Madang.Storage.Scripts;

/// <summary>A module whose numbered scripts (<c>Schema/0001_things.sqlite.sql</c>, embedded) make its tables.</summary>
internal sealed record ModuleSchema(string Module, Assembly Assembly);

/// <summary>
/// Applies each module's scripts once, in order, in one transaction under a lock that keeps other nodes waiting, and
/// records name and checksum. A script that changed after it was applied stops the start (what is released is never
/// edited), and so does one that this Madang does not know (the data was written by a newer one).
/// </summary>
internal sealed partial class SchemaScripts(IDatabase database, IEnumerable<ModuleSchema> modules, TimeProvider clock)
{
    /// <summary>"madang" as a number: the key of the PostgreSQL advisory lock.</summary>
    private const long LockKey = 0x6d6164616e67;

    /// <summary>Other nodes wait, and large tables are rebuilt, as long as it takes.</summary>
    private const int NoLimit = 0;

    public Task Apply(CancellationToken cancel) => database.Write(
        async scope =>
        {
            if (scope.Engine == Engine.Postgres)
            {
                await scope.Connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@LockKey)", new { LockKey }, scope.Transaction, commandTimeout: NoLimit);
            }

            await scope.Connection.ExecuteAsync(
                "CREATE TABLE IF NOT EXISTS schema_scripts (module TEXT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL, PRIMARY KEY (module, name))",
                transaction: scope.Transaction);
            foreach (var module in modules)
            {
                var scripts = Find(module, scope.Engine).ToList();
                await RefuseUnknown(scope, module.Module, scripts);
                foreach (var script in scripts)
                {
                    await ApplyOne(scope, module.Module, script);
                }
            }
        },
        cancel);

    private static async Task RefuseUnknown(WriteScope scope, string module, List<Script> scripts)
    {
        var applied = await scope.Connection.QueryAsync<string>("SELECT name FROM schema_scripts WHERE module = @module ORDER BY name", new { module }, scope.Transaction);
        if (applied.Except(scripts.Select(script => script.Name)).FirstOrDefault() is { } unknown)
        {
            throw new CityRuleException("schema-script-unknown", $"The data was written by a newer Madang: it has the script {module}/{unknown}, which this one does not know. Start the newer Madang, or another data folder.");
        }
    }

    private async Task ApplyOne(WriteScope scope, string module, Script script)
    {
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Text)));
        var applied = await scope.Connection.QuerySingleOrDefaultAsync<string>(
            "SELECT checksum FROM schema_scripts WHERE module = @module AND name = @Name", new { module, script.Name }, scope.Transaction);
        if (applied is not null)
        {
            if (applied != checksum)
            {
                throw new CityRuleException("schema-script-changed", $"The script {module}/{script.Name} was applied in another form. Released scripts are never edited; add a new one.");
            }

            return;
        }

        await scope.Connection.ExecuteAsync(script.Text, transaction: scope.Transaction, commandTimeout: NoLimit);
        await scope.Connection.ExecuteAsync(
            "INSERT INTO schema_scripts (module, name, checksum, applied_at) VALUES (@module, @Name, @checksum, @At)",
            new { module, script.Name, checksum, At = clock.GetUtcNow().ToMicros() },
            scope.Transaction);
    }

    internal static IEnumerable<Script> Find(ModuleSchema module, Engine engine)
    {
        var ending = engine == Engine.Sqlite ? ".sqlite.sql" : ".postgres.sql";
        return module.Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(ending, StringComparison.Ordinal))
            .Select(name => new Script(ScriptName().Match(name).Value, ReadText(module.Assembly, name)))
            .OrderBy(script => script.Name, StringComparer.Ordinal);
    }

    private static string ReadText(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\d{4}_\w+(?=\.(sqlite|postgres)\.sql$)")]
    private static partial Regex ScriptName();

    internal sealed record Script(string Name, string Text);
}
