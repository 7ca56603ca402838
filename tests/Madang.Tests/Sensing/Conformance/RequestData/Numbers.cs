namespace Madang.Tests.Sensing.Conformance.RequestData;

/// <summary>Two Datastreams: the first with the numbers 0 to 9 at every second minute, the second with 100 to 102.</summary>
internal static class Numbers
{
    public static async Task Prepare(Sta sta)
    {
        await sta.Observe(1, [.. Enumerable.Range(0, 10).Select(number => (number * 2, (double)number))]);
        var other = await sta.CreateDatastream("둘", "pm10", 127.1);
        await sta.Observe(other, (0, 100), (2, 101), (4, 102));
    }

    public static async Task<string> Results(this Sta sta, string question) => string.Join(',', await sta.Names(question, "result"));
}
