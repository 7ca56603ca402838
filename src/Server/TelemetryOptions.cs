using System.ComponentModel.DataAnnotations;

namespace Madang.Server;

/// <summary>Where metrics and traces go; configuration section <c>Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The address of an OTLP collector, such as <c>http://collector:4317</c>. Nothing is measured for export without it.</summary>
    [Url]
    public string? OtlpEndpoint { get; set; }

    /// <summary><c>grpc</c> or <c>http</c> (HTTP with protobuf; then <see cref="OtlpEndpoint"/> is the base address). Default <c>grpc</c>.</summary>
    [AllowedValues("grpc", "http")]
    public string OtlpProtocol { get; set; } = "grpc";

    /// <summary>The share of traces that is exported, from 0 to 1. Default 1.</summary>
    [Range(0.0, 1.0)]
    public double TraceShare { get; set; } = 1;
}
