using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Madang.Server.Hosting;

/// <summary>Sends metrics and traces to an OTLP collector while the server runs; does nothing when none is named.</summary>
internal sealed class Telemetry(IOptions<TelemetryOptions> options) : IHostedService, IDisposable
{
    private MeterProvider? metrics;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrWhiteSpace(options.Value.OtlpEndpoint))
        {
            var resource = ResourceBuilder.CreateDefault().AddService("madang", serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString(3));
            metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter("Madang.*", "madang.*", "Microsoft.AspNetCore.*", "System.Runtime", "Npgsql")
                .AddOtlpExporter(exporter => Configure(exporter, "v1/metrics"))
                .Build();
            traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Value.TraceShare)))
                .AddSource("Madang.*", "madang.*", "Microsoft.AspNetCore*", "Npgsql")
                .AddOtlpExporter(exporter => Configure(exporter, "v1/traces"))
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        metrics?.ForceFlush(2000);
        traces?.ForceFlush(2000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        metrics?.Dispose();
        traces?.Dispose();
    }

    private void Configure(OtlpExporterOptions exporter, string path)
    {
        var address = new Uri(options.Value.OtlpEndpoint!);
        var overHttp = options.Value.OtlpProtocol == "http";
        exporter.Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = overHttp ? new Uri(address.ToString().TrimEnd('/') + "/" + path) : address;
    }
}
