using System.CommandLine;

namespace Madang.Server.Commands;

/// <summary><c>demo</c>: the same server, with a simulated city beside it.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var hosting = new HostingOptions();
        var command = new Command("demo", "Serves a simulated Seoul.");
        hosting.AddTo(command);
        command.SetAction((parsed, cancel) => ServeCommand.Run(hosting.Read(parsed), cancel));
        return command;
    }
}
