using System.Globalization;
using Madang.Import;
using Spectre.Console;

namespace Madang.Server.Commands;

/// <summary>Shows how far an import is: a bar on a terminal, a line for every tenth elsewhere.</summary>
internal static class ImportConsole
{
    public static Task<ObservationSummary> Watch(Func<IProgress<ImportProgress>, Task<ObservationSummary>> import)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            return import(new Lines());
        }

        return AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(context => import(new Bar(context.AddTask("Reading"))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            task.MaxValue = value.AllLines;
            task.Value = value.Lines;
            task.Description = string.Create(CultureInfo.InvariantCulture, $"{value.Count:N0} {value.Counted}");
        }
    }

    private sealed class Lines : IProgress<ImportProgress>
    {
        private long tenth;

        public void Report(ImportProgress value)
        {
            var now = value.Lines * 10 / Math.Max(1, value.AllLines);
            if (now > tenth)
            {
                tenth = now;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{now * 10}% read, {value.Count:N0} {value.Counted}"));
            }
        }
    }
}
