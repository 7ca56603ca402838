using Madang.Sensing.Mqtt.Broker;
using Madang.Sensing.Mqtt.Doors;
using Madang.Sensing.Mqtt.Topics;
using Madang.Sensing.Mqtt.Updates;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Sensing.Mqtt;

/// <summary>Puts the MQTT endpoint together.</summary>
internal static class MqttServices
{
    public static IServiceCollection AddMqtt(this IServiceCollection services)
    {
        services.AddOptions<MqttOptions>().BindConfiguration("Mqtt").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LinkRoot>().AddSingleton<Watches>().AddSingleton<Filters>().AddSingleton<EntityUpdates>();
        services.AddSingleton<Sessions>().AddSingleton<Intake>().AddSingleton<Refusals>().AddSingleton<PostOffice>();
        services.AddSingleton<MqttHandler>().AddSingleton<TlsDoor>();
        services.AddSingleton<Notifier>().AddHostedService(provider => provider.GetRequiredService<Notifier>());
        // Registered after the queue, and so stopped before it: what was taken is still stored and acknowledged.
        return services.AddSingleton<MqttDoor>().AddHostedService(provider => provider.GetRequiredService<MqttDoor>());
    }

    public static void MapMqtt(this IEndpointRouteBuilder routes)
    {
        var office = new Lazy<PostOffice>(routes.ServiceProvider.GetRequiredService<PostOffice>);
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseWebSockets().Run(context => WebSocketDoor.Handle(context, office.Value));
        routes.MapGet(WebSocketDoor.Path, pipeline.Build()).WithTags("MQTT").RequireAuthorization(Policies.PublicRead).WithSummary("MQTT 3.1.1 and 5.0 over WebSocket, sub-protocol mqtt");
    }
}
