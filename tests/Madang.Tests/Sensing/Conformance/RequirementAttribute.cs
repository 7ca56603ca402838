namespace Madang.Tests.Sensing.Conformance;

/// <summary>Says which requirement of the standard a test class shows to be met; the server announces exactly these (a law keeps it so).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequirementAttribute(string uri) : Attribute
{
    /// <summary>The requirement's URI.</summary>
    public string Uri { get; } = uri;
}

/// <summary>Where the requirements of each part begin.</summary>
public static class Requirements
{
    /// <summary>OGC 18-088, SensorThings 1.1 Part 1.</summary>
    public const string Sensing = "http://www.opengis.net/spec/iot_sensing/1.1/req/";

    /// <summary>OGC 17-079r1, SensorThings 1.0 Part 2.</summary>
    public const string Tasking = "http://www.opengis.net/spec/iot_tasking/1.0/req/";
}
