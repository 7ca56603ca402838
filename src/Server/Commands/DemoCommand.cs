using System.CommandLine;
using System.Globalization;
using Madang.DemoCity;
using Madang.Trust;

namespace Madang.Server.Commands;

/// <summary><c>demo</c>: the same server, with a simulated city beside it.</summary>
internal static class DemoCommand
{
    private const double MostSpeed = 3600;
    private const int MostSensors = 100;

    public static Command Create()
    {
        var hosting = new HostingOptions();
        var speed = new Option<double>("--speed") { Description = "How fast the city's time runs; 600 is ten hours in a minute. Default: 1", HelpName = "N", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "Another number makes another city. Default: 1", HelpName = "N", DefaultValueFactory = _ => 1 };
        var sensors = new Option<int>("--sensors") { Description = "S-DoT sensors in each district, beside its one air quality station. Default: 12", HelpName = "N", DefaultValueFactory = _ => 12 };
        speed.Validators.Add(result => Check(result, text => double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostSpeed, $"--speed: must be a number above 0 and at most {MostSpeed}"));
        sensors.Validators.Add(result => Check(result, text => int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostSensors, $"--sensors: must be a whole number from 1 to {MostSensors}"));
        var command = new Command("demo", "Serves a simulated Seoul: 모의 데이터, simulated data.");
        hosting.AddTo(command);
        command.Add(speed);
        command.Add(seed);
        command.Add(sensors);
        command.Validators.Add(result =>
        {
            if (bool.TryParse(Environment.GetEnvironmentVariable("Trust__Open"), out var open) && !open)
            {
                result.AddError("Trust__Open=false is in the environment, and the demo is open: its simulation is a program of this machine that comes in through the public door; a closed city is './madang serve'");
            }
        });
        command.SetAction((parsed, cancel) =>
        {
            var options = new DemoOptions(parsed.GetValue(seed), parsed.GetValue(speed), parsed.GetValue(sensors));
            var settings = hosting.Read(parsed);
            // The simulation is a program of this machine that comes in through the public door.
            settings["Trust:Open"] = "true";
            // Its made-up people have passwords and nothing else.
            settings["Accounts:SecondFactor"] = "none";
            // Who tries out the interfaces of a demo does not lose its city from the screen; and anybody may try to join.
            (settings["Operations:SimulatedFirst"], settings["Accounts:Join"]) = ("true", "true");
            return ServeCommand.Run(settings, TellDemoPeople, cancel, builder => builder.Services.AddDemoCity(options));
        });
        return command;
    }

    private static async Task TellDemoPeople(WebApplication city, CancellationToken cancel)
    {
        var people = await city.MakeDemoPeople();
        await Console.Out.WriteLineAsync("Demo people (모의), to sign in at /signin:");
        foreach (var person in people)
        {
            await Console.Out.WriteLineAsync($"  {person.SignInName,-15}{person.Password}   {person.Name}");
        }
    }

    /// <summary>Looks at the word itself: the parser's own value is not there yet when it cannot be read.</summary>
    private static void Check(System.CommandLine.Parsing.OptionResult result, Func<string, bool> good, string reason)
    {
        if (result.Tokens.Count > 0 && !good(result.Tokens[^1].Value))
        {
            result.AddError(reason);
        }
    }
}
