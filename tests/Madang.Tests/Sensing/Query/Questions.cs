namespace Madang.Tests.Sensing.Query;

/// <summary>Questions nobody would write by hand: operators, functions and paths nested at random, the same for the same seed.</summary>
internal sealed class Questions(int seed)
{
    private static readonly string[] Shapes =
    [
        "geography'POINT(127 37.5)'", "geography'POLYGON((126.9 37.4,127.02 37.4,127.02 37.6,126.9 37.6,126.9 37.4))'",
        "geometry'LINESTRING(126.9 37.5,127.1 37.5)'", "geography'MULTIPOINT((127 37.5),(1 1))'",
    ];

    private static readonly string[] Places = ["FeatureOfInterest/feature", "Datastream/observedArea", "Datastream/Thing/Locations/location"];

    private readonly Random random = new(seed);

    public string Condition(int depth) => random.Next(depth > 0 ? 17 : 13) switch
    {
        0 or 1 => $"{Number(depth)} {Comparison()} {Number(depth)}",
        2 => $"{Text(depth)} {Comparison()} {Text(depth)}",
        3 or 4 => $"{Time(depth)} {Comparison()} {Time(depth)}",
        5 => $"{Duration(depth)} {Comparison()} {Duration(depth)}",
        6 => $"{One("result", "resultTime", "parameters/p", "validTime", "parameters/l", "Datastream/Thing/properties/o/x")} {One("eq", "ne")} null",
        7 => $"{One("contains", "startswith", "endswith", "substringof")}({Text(depth)}, {Text(depth)})",
        8 => $"{One("before", "after", "meets", "during", "overlaps", "starts", "finishes")}({Time(depth)}, {Time(depth)})",
        9 => $"{One("st_equals", "st_disjoint", "st_touches", "st_within", "st_overlaps", "st_crosses", "st_intersects", "st_contains", "geo.intersects")}({One(Places)}, {One(Shapes)})",
        10 => $"st_relate({One(Places)}, {One(Shapes)}, '{string.Concat(Enumerable.Range(0, 9).Select(_ => One("*", "*", "T", "F", "0", "1")))}')",
        11 => $"geo.distance({One(Places)}, {One(Shapes)}) {Comparison()} {One("0", "100", "5000", "2e4")}",
        12 => $"result in ({random.Next(9)}, '글2', true)",
        13 => $"not ({Condition(depth - 1)})",
        14 => $"({Condition(depth - 1)})",
        _ => $"{Condition(depth - 1)} {One("and", "or")} {Condition(depth - 1)}",
    };

    public string Key() => random.Next(3) switch { 0 => Number(1), 1 => Text(1), _ => Time(1) };

    private string Number(int depth) => random.Next(depth > 0 ? 17 : 9) switch
    {
        0 => $"{random.Next(-3, 60)}",
        1 => One("0.5", "1e3", "-2.25", "3"),
        2 => "result",
        3 => "id",
        4 => "Datastream/id",
        5 => "parameters/p",
        6 => "parameters/l[0]",
        7 => "Datastream/Thing/properties/n",
        8 => "Datastream/Observations/result",
        9 or 10 => $"{Number(depth - 1)} {One("add", "sub", "mul", "div", "mod", "divby")} {Number(depth - 1)}",
        11 => $"-({Number(depth - 1)})",
        12 => $"{One("round", "floor", "ceiling")}({Number(depth - 1)})",
        13 => $"length({Text(depth - 1)})",
        14 => $"indexof({Text(depth - 1)}, {Text(depth - 1)})",
        15 => $"{One("year", "month", "day", "hour", "minute", "second", "fractionalseconds", "totaloffsetminutes")}({Time(depth - 1)})",
        _ => $"geo.distance(FeatureOfInterest/feature, {One(Shapes)})",
    };

    private string Text(int depth) => random.Next(depth > 0 ? 11 : 8) switch
    {
        0 => "'글1'",
        1 => "'it''s'",
        2 => "''",
        3 => "result",
        4 => "Datastream/name",
        5 => "Datastream/Thing/name",
        6 => "Datastream/Thing/properties/o/x",
        7 => "Datastream/unitOfMeasurement/symbol",
        8 => $"concat({Text(depth - 1)}, {Text(depth - 1)})",
        9 => $"{One("trim", "tolower", "toupper")}({Text(depth - 1)})",
        _ => $"substring({Text(depth - 1)}, {random.Next(3)}, {random.Next(3)})",
    };

    private string Time(int depth) => random.Next(depth > 0 ? 10 : 8) switch
    {
        0 or 1 => "phenomenonTime",
        2 => "resultTime",
        3 => "validTime",
        4 => One("2026-07-19T05:00:00Z", "2026-07-19T09:00:00+09:00"),
        5 => One("2026-07-19T00:00:00Z/2026-07-19T12:00:00Z", "2026-07-19T03:00:00Z/PT6H"),
        6 => "Datastream/phenomenonTime",
        7 => "Datastream/Thing/HistoricalLocations/time",
        _ => $"({Time(depth - 1)} {One("add", "sub")} {Duration(depth - 1)})",
    };

    private string Duration(int depth) => random.Next(depth > 0 ? 5 : 3) switch
    {
        0 => "duration'PT1H'",
        1 => "duration'-P1DT2H30M'",
        2 => "duration'PT0.5S'",
        3 => $"({Time(depth - 1)} sub {Time(depth - 1)})",
        _ => $"({Duration(depth - 1)} {One("mul", "div")} {Number(0)})",
    };

    private string Comparison() => One("eq", "ne", "gt", "ge", "lt", "le");

    private string One(params string[] of) => of[random.Next(of.Length)];
}
