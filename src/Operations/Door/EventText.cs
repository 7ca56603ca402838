using System.Text;
using Madang.Operations.Live;

namespace Madang.Operations.Door;

/// <summary>The bytes of one server-sent event (WHATWG HTML, 9.2), ready for the wire. JSON has no line break, so one data line is enough.</summary>
internal static class EventText
{
    /// <summary>How long a browser waits before it takes up a lost line again, in milliseconds.</summary>
    private const int Retry = 3_000;

    public static byte[] Snapshot(Edition now, string? measure) => Write("snapshot", now.Id, CityJson.Snapshot(now, measure));

    public static byte[] Change(Edition before, Edition now, string? measure) => Write("change", now.Id, CityJson.Change(before, now, measure));

    public static byte[] Beat(string id) => Write("beat", id, []);

    private static byte[] Write(string kind, string id, byte[] data) =>
        [.. Encoding.UTF8.GetBytes($"event: {kind}\nid: {id}\nretry: {Retry}\ndata: "), .. data, (byte)'\n', (byte)'\n'];
}
