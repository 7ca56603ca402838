using System.Globalization;
using System.Runtime.InteropServices;

namespace Madang.Bench;

/// <summary>Where and when a table was measured.</summary>
internal static class Machine
{
    public static void Describe(string command)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";
        var memory = File.ReadLines("/proc/meminfo").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"`{command}`, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores of {model}, {long.Parse(memory, CultureInfo.InvariantCulture) / 1048576} GiB, {RuntimeInformation.FrameworkDescription}"));
        Console.WriteLine();
    }

    public static void Row(params object[] cells) =>
        Console.WriteLine("| " + string.Join(" | ", cells.Select(cell => cell is double number ? number.ToString(number >= 100 ? "N0" : "0.00", CultureInfo.InvariantCulture) : cell.ToString())) + " |");
}
