using System.CommandLine;
using System.Globalization;
using Madang.Import;

namespace Madang.Server.Commands;

/// <summary><c>import</c>: a city's own files, into a running server or straight into its store.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Loads a city's files.") { Observations(), Places(), Sites() };

    private static Command Observations()
    {
        var file = new Argument<string>("FILE") { Description = "A CSV file with stations and readings" };
        var map = new Option<string>("--map") { Description = "A YAML file that says what the columns mean; see maps/", HelpName = "MAP", Required = true };
        var rejected = new Option<string?>("--rejected") { Description = "Where rejected rows go, with line, column and reason. Default: FILE's name with .rejected.csv, in this folder", HelpName = "FILE" };
        var access = new CityAccess();
        var command = new Command("observations", "Loads stations and readings from a CSV file. Running it again adds nothing.") { file, map, rejected };
        access.AddTo(command);
        command.SetAction((parsed, cancel) => access.Use(
            parsed,
            async (city, key) =>
            {
                var path = parsed.GetRequiredValue(file);
                var refused = parsed.GetValue(rejected) ?? Path.GetFileNameWithoutExtension(path) + ".rejected.csv";
                var import = new ObservationImport(city, key, TimeProvider.System);
                var summary = await ImportConsole.Watch(progress => import.Run(path, parsed.GetRequiredValue(map), refused, progress, cancel));
                Say(summary);
                return summary.Rejected > 0 ? CommandLine.Partly : 0;
            },
            cancel));
        return command;
    }

    private static Command Places()
    {
        var file = new Argument<string>("FILE") { Description = "A GeoJSON file of shapes" };
        var map = new Option<string?>("--map") { Description = "A YAML file that says the kind, the codes, the source and the licence; see maps/", HelpName = "MAP" };
        var kind = new Option<string?>("--kind") { Description = "The kind of place. Default: district", HelpName = "KIND" };
        var codes = new Option<string?>("--codes") { Description = "Whose codes the file has: adm (administrative standard codes) or kostat (Statistics Korea)", HelpName = "CODES" };
        var source = new Option<string?>("--source") { Description = "Where the shapes come from", HelpName = "TEXT" };
        var licence = new Option<string?>("--licence") { Description = "Their licence", HelpName = "TEXT" };
        var access = new CityAccess();
        var command = new Command("places", "Loads the shapes of areas from a GeoJSON file. Running it again changes nothing.") { file, map, kind, codes, source, licence };
        access.AddTo(command);
        command.SetAction((parsed, cancel) => access.Use(
            parsed,
            async (city, key) =>
            {
                var import = new PlacesImport(city, key, TimeProvider.System);
                var summary = await import.Run(
                    parsed.GetRequiredValue(file), parsed.GetValue(map), parsed.GetValue(kind), parsed.GetValue(codes), parsed.GetValue(source), parsed.GetValue(licence), cancel);
                Console.WriteLine($"{summary.Received} shapes of kind {summary.Kind}: {summary.Made} made, {summary.Changed} changed, {summary.Unchanged} as they were.");
                return 0;
            },
            cancel));
        return command;
    }

    private static Command Sites()
    {
        var file = new Argument<string>("FILE") { Description = "A CSV file with a name and coordinates in each row" };
        var kind = new Option<string>("--kind") { Description = "What they are: daycare, school, hospital, elderly-care, stop, station, library, shelter, fire-station or camera", HelpName = "KIND", Required = true };
        var column = new Option<string[]>("--column") { Description = "Which column holds a member, such as name=도서관명; again for each. Members: name, name_en, code, longitude, latitude, address, capacity. The usual names are recognised", HelpName = "MEMBER=COLUMN" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, cp949 or latin1. Default: utf-8 where it fits, else cp949", HelpName = "NAME" };
        var source = new Option<string?>("--source") { Description = "Where the data come from", HelpName = "TEXT" };
        var licence = new Option<string?>("--licence") { Description = "Their licence", HelpName = "TEXT" };
        var year = new Option<int?>("--base-year") { Description = "The year they tell of", HelpName = "YEAR" };
        var simulated = new Option<bool>("--simulated") { Description = "They are made up" };
        var rejected = new Option<string?>("--rejected") { Description = "Where rejected rows go, with line, column and reason. Default: FILE's name with .rejected.csv, in this folder", HelpName = "FILE" };
        var access = new CityAccess();
        var command = new Command("sites", "Loads schools, stops, libraries and other points from a CSV file. Running it again changes nothing.") { file, kind, column, encoding, source, licence, year, simulated, rejected };
        access.AddTo(command);
        command.SetAction((parsed, cancel) => access.Use(
            parsed,
            async (city, key) =>
            {
                var path = parsed.GetRequiredValue(file);
                var plan = new SitesPlan(parsed.GetRequiredValue(kind))
                {
                    Source = parsed.GetValue(source), Licence = parsed.GetValue(licence), BaseYear = parsed.GetValue(year), Encoding = parsed.GetValue(encoding), Simulated = parsed.GetValue(simulated),
                    Columns = (parsed.GetValue(column) ?? []).Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0].Trim()).ToDictionary(pair => pair.Key, pair => pair.Last().Length == 2 ? pair.Last()[1] : ""),
                };
                var summary = await new SitesImport(city, key, TimeProvider.System).Run(path, plan, parsed.GetValue(rejected) ?? Path.GetFileNameWithoutExtension(path) + ".rejected.csv", cancel);
                Console.WriteLine($"{summary.Rows} rows of kind {summary.Kind}: {summary.Made} made, {summary.Changed} changed, {summary.Unchanged} as they were, {summary.Rejected} rejected{(summary.RejectedFile is { } refused ? $" (see {refused})" : "")}.");
                return summary.Rejected > 0 ? CommandLine.Partly : 0;
            },
            cancel));
        return command;
    }

    private static void Say(ObservationSummary summary)
    {
        Line("Rows read", summary.Rows);
        Line("Things", summary.ThingsMade + summary.ThingsFound, $"{summary.ThingsMade:N0} made, {summary.ThingsFound:N0} found");
        Line("Datastreams", summary.DatastreamsMade + summary.DatastreamsFound, $"{summary.DatastreamsMade:N0} made, {summary.DatastreamsFound:N0} found");
        Line("Observations stored", summary.Stored);
        Line("already there", summary.AlreadyThere);
        Line("Empty cells", summary.EmptyCells);
        Line("Rejected", summary.Rejected, summary.RejectedFile is { } file ? $"see {file}{(summary.Different > 0 ? $"; {summary.Different:N0} differ from what is stored" : "")}" : null);

        static void Line(string name, long number, string? more = null) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20}{number,12:N0}{(more is null ? "" : $"   {more}")}"));
    }
}
