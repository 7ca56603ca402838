// Measures Madang against a baseline in the same run, and prints tables for docs/measurements.md.
using Madang.Bench;

return args switch
{
    ["ingest", .. var rest] => await IngestBench.Run(new Arguments(rest)),
    ["query", .. var rest] => await QueryBench.Run(new Arguments(rest)),
    ["viewers", .. var rest] => await ViewerBench.Run(new Arguments(rest)),
    ["page", .. var rest] => await PageBench.Run(new Arguments(rest)),
    ["mqtt", .. var rest] => await MqttBench.Run(new Arguments(rest)),
    ["sensing", .. var rest] => await SensingBench.Run(new Arguments(rest)),
    ["sustained", .. var rest] => await SustainedBench.Run(new Arguments(rest)),
    ["record", .. var rest] => await RecordBench.Run(new Arguments(rest)),
    ["access", .. var rest] => await AccessBench.Run(new Arguments(rest)),
    ["city", var url, var unguarded, var keyFile, var option, var store] => await BenchCity.Serve(url, unguarded, keyFile, option, store),
    ["empty-endpoint", var url] => await EmptyEndpoint.Serve(url),
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
        ./madang bench viewers [--viewers 1000] [--seconds 60]
        ./madang bench record [--engine sqlite|postgres|both] [--rows 400000] [--entries 10000000]
        ./madang bench access [--engine sqlite|postgres|both] [--slices 9]
        ./madang bench page   [--runs 3] [--pages /,/en/,/sensors]

        Each figure stands beside its baseline from the same run. PostgreSQL is started for the bench in a
        temporary folder, with its default durability.
        """);
    return 2;
}
