// Measures Madang against a baseline in the same run, and prints tables for docs/measurements.md.
using Madang.Bench;

Dictionary<string, (string[] Options, Func<Arguments, Task<int>> Run)> benches = new()
{
    ["ingest"] = (["--engine", "--rows"], IngestBench.Run),
    ["query"] = (["--engine", "--small", "--large"], QueryBench.Run),
    ["viewers"] = (["--viewers", "--seconds"], ViewerBench.Run),
    ["page"] = (["--runs", "--pages"], PageBench.Run),
    ["mqtt"] = (["--engine", "--rows"], MqttBench.Run),
    ["sensing"] = (["--engine", "--observations", "--keep"], SensingBench.Run),
    ["sustained"] = (["--engine", "--sensors", "--readers", "--minutes", "--keep"], SustainedBench.Run),
    ["record"] = (["--engine", "--rows", "--entries"], RecordBench.Run),
    ["rules"] = (["--engine", "--part", "--live", "--readers", "--seconds", "--datastreams", "--days", "--keep"], RulesBench.Run),
    ["access"] = (["--engine", "--slices"], AccessBench.Run),
};

return args switch
{
    ["city", var url, var unguarded, var keyFile, var option, var store] => await BenchCity.Serve(url, unguarded, keyFile, option, store),
    ["empty-endpoint", var url] => await EmptyEndpoint.Serve(url),
    [var name, .. var rest] when benches.TryGetValue(name, out var bench) && new Arguments(rest) is var arguments && arguments.AreAmong(bench.Options) => await bench.Run(arguments),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        ./madang bench ingest [--engine sqlite|postgres|both] [--rows 400000]
        ./madang bench query  [--engine sqlite|postgres|both] [--small 200000] [--large 20000000]
        ./madang bench mqtt   [--engine sqlite|postgres|both] [--rows 400000]
        ./madang bench sensing [--engine sqlite|postgres|both] [--observations 50000000] [--keep DIR]
        ./madang bench sustained [--engine sqlite|postgres|both] [--sensors 50000] [--readers 50] [--minutes 10] [--keep DIR]
        ./madang bench rules  [--engine sqlite|postgres|both] [--part live|trial|page] [--live 10000] [--readers 10000] [--seconds 20] [--datastreams 300] [--days 365] [--keep DIR]
        ./madang bench viewers [--viewers 1000] [--seconds 60]
        ./madang bench record [--engine sqlite|postgres|both] [--rows 400000] [--entries 10000000]
        ./madang bench access [--engine sqlite|postgres|both] [--slices 9]
        ./madang bench page   [--runs 3] [--pages /,/en/,/sensors]

        Each figure stands beside its baseline from the same run. PostgreSQL is started for the bench in a
        temporary folder, with its default durability.
        """);
    return 2;
}
