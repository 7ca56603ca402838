using System.CommandLine;

namespace Madang.Server.Commands;

/// <summary>The command line as a table of contents: one line a command.</summary>
internal static class CommandLine
{
    /// <summary>The exit code of a command that was asked for something impossible.</summary>
    public const int BadInput = 2;

    /// <summary>The exit code of an import that stored what it could and rejected the rest.</summary>
    public const int Partly = 1;

    /// <summary>The exit code of a command that Ctrl-C or SIGTERM ended before its work was done, as shells have it.</summary>
    public const int Stopped = 130;

    /// <summary>Every command with its options; the law tests read it too.</summary>
    public static RootCommand Root() => new("Madang, an open city platform.")
    {
        HelpName = "madang",
        Subcommands = { DemoCommand.Create(), ServeCommand.Create(), ImportCommand.Create(), AuditCommand.Create(), WitnessCommand.Create(), BackupCommand.Create(), RestoreCommand.Create() },
    };

    /// <summary>Runs the command that <paramref name="args"/> name and answers the exit code.</summary>
    public static async Task<int> Run(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"madang: {error.Message}");
            }

            return BadInput;
        }

        try
        {
            // The host itself hears Ctrl-C and SIGTERM and stops in good order.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception) when (StartFailure.Explain(exception) is { Count: > 0 } reasons)
        {
            foreach (var reason in reasons)
            {
                await Console.Error.WriteLineAsync($"madang: {reason}");
            }

            return BadInput;
        }
    }
}
