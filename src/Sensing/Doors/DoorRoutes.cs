using Madang.Sensing.Entities;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Doors;

/// <summary>Registers and maps the device doors, and registers the street lights that speak through one of them.</summary>
internal static class DoorRoutes
{
    public static void AddDoors(this IServiceCollection services)
    {
        services.AddOptions<DoorsOptions>().BindConfiguration("Doors").ValidateDataAnnotations().ValidateOnStart();
        services.AddPersonal(provider => DoorPersonal.Columns(provider.GetRequiredService<IOptions<DoorsOptions>>().Value));
        services.AddSingleton<DoorShelf>().AddReaction<StationsChanged, DoorShelf>("sensing.doors");
        services.AddSingleton(provider => new StreetLights(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Visibility>(), provider.GetRequiredService<EntityCreator>(), provider.GetRequiredService<Recorder>()));
        services.AddSingleton<DeviceBook>().AddSingleton<DeviceMaker>().AddSingleton<Repeats>().AddSingleton<DoorFlow>();
        services.AddSingleton<DoorCounts>().AddHostedService(provider => provider.GetRequiredService<DoorCounts>());
        services.AddSingleton(provider => new DeviceDoors(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<DoorShelf>(), provider.GetRequiredService<DoorFlow>(), provider.GetRequiredService<DeviceBook>(),
            provider.GetRequiredService<DoorCounts>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<IOptions<DoorsOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapDoors(this IEndpointRouteBuilder routes)
    {
        var sent = routes.MapGroup("/doors").WithTags("Device doors").RequireAuthorization(Policies.SensingWrite).ForDevices();
        sent.MapPost("/{name}", (HttpContext context, string name, DeviceDoors doors) => TakeIn.Handle(context, name, doors)).WithSummary("Send a device's own payload: what fits becomes Observations, what does not is kept");
        sent.MapPost("/{name}/preview", (HttpContext context, string name, DeviceDoors doors) => PreviewPayload.Handle(context, name, doors)).WithSummary("What a payload would become; nothing is stored");

        // The desk asks again: who runs the whole city, with the right to write what is its own.
        var run = routes.MapGroup("/doors").WithTags("Device doors").RequireAuthorization(Policies.SensingWrite, Policies.ProvidersManage).ForDevices();
        run.MapGet("", (HttpContext context, DeviceDoors doors) => RunDoors.List(context, doors)).WithSummary("The doors with their counts");
        run.MapGet("/{name}", (HttpContext context, string name, DeviceDoors doors) => RunDoors.Read(context, name, doors)).WithSummary("A door's mapping as YAML");
        run.MapPut("/{name}", (HttpContext context, string name, DeviceDoors doors) => RunDoors.Put(context, name, doors)).WithSummary("Write a door's mapping");
        run.MapDelete("/{name}", (HttpContext context, string name, DeviceDoors doors) => RunDoors.Delete(context, name, doors)).WithSummary("Take a mapping away");
        run.MapGet("/{name}/kept", (HttpContext context, string name, DeviceDoors doors) => RunDoors.ListKept(context, name, doors)).WithSummary("What did not fit, newest first; ?before= an id");
        run.MapDelete("/{name}/kept", (HttpContext context, string name, DeviceDoors doors) => RunDoors.DeleteKept(context, name, null, doors)).WithSummary("Destroy all that a door keeps");
        run.MapPost("/{name}/kept/replay", (HttpContext context, string name, DeviceDoors doors) => RunDoors.ReplayAll(context, name, doors)).WithSummary("Send what a door keeps once more");
        run.MapPost("/{name}/kept/{id:long}/replay", (HttpContext context, string name, long id, DeviceDoors doors) => RunDoors.Replay(context, name, id, doors)).WithSummary("Send one kept payload once more");
        run.MapDelete("/{name}/kept/{id:long}", (HttpContext context, string name, long id, DeviceDoors doors) => RunDoors.DeleteKept(context, name, id, doors)).WithSummary("Destroy one kept payload");
    }
}
