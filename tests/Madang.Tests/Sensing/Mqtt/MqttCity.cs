using Madang.Storage;

namespace Madang.Tests.Sensing.Mqtt;

/// <summary>An open city that listens for MQTT, with one Datastream, number 1.</summary>
internal static class MqttCity
{
    public static async Task<Sta> Start(Engine engine, Action<IDictionary<string, string?>>? settings = null)
    {
        var sta = await Sta.Start(engine, values =>
        {
            values["Mqtt:Listen"] = "127.0.0.1:0";
            settings?.Invoke(values);
        });
        await sta.CreateDatastream();
        return sta;
    }

    public static async Task<double[]> Results(this Sta sta, string path = "Datastreams(1)/Observations") =>
        [.. (await sta.Get($"{path}?$orderby=id"))["value"]!.AsArray().Select(each => (double)each!["result"]!)];

    /// <summary>These are the results of Datastream 1, in the order in which they were stored.</summary>
    public static async Task Holds(this Sta sta, params double[] results) => Assert.Equal(string.Join(' ', results), string.Join(' ', await sta.Results()));

    /// <summary>Polls until a count is reached.</summary>
    public static async Task UntilStored(this Sta sta, int count)
    {
        for (var tries = 0; (await sta.Results()).Length < count; tries++)
        {
            Assert.True(tries < 200, $"only {(await sta.Results()).Length} Observations are there, not {count}");
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }
    }

    public static TheoryData<Engine, int> EnginesAndVersions => new() { { Engine.Sqlite, 4 }, { Engine.Sqlite, 5 }, { Engine.Postgres, 4 }, { Engine.Postgres, 5 } };
}
