using Madang.Sensing.Batch;
using Madang.Sensing.Changes;
using Madang.Sensing.Deletions;
using Madang.Sensing.Doors;
using Madang.Sensing.Entities;
using Madang.Sensing.Health;
using Madang.Sensing.Http;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Mqtt;
using Madang.Sensing.Query;
using Madang.Sensing.Retention;
using Madang.Sensing.Rollups;
using Madang.Sensing.Webhooks;
using Madang.Storage;
using Madang.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Sensing;

/// <summary>Registers and maps what the city's sensors tell: OGC SensorThings 1.1 and the series of its Datastreams.</summary>
public static class SensingModule
{
    /// <summary>Adds the module's services.</summary>
    public static IServiceCollection AddSensing(this IServiceCollection services)
    {
        services.AddOptions<SensingOptions>().BindConfiguration("Sensing").ValidateDataAnnotations().ValidateOnStart();
        services.AddSchema("sensing", typeof(SensingModule).Assembly);
        foreach (var table in (string[])["things", "locations", "sensors", "observed_properties", "features", "datastreams", "actuators", "tasking_capabilities"])
        {
            services.AddNotPersonal(table, "the name of a thing, not of a person", "name");
        }

        foreach (var table in Ownership.Tables)
        {
            services.AddSingleton(table);
        }

        services.AddSingleton<IObservationRows>(provider =>
            provider.GetRequiredService<IDatabase>().Engine == Engine.Sqlite ? new SqliteObservationRows(provider.GetRequiredService<KeptDays>()) : new PostgresObservationRows(provider.GetRequiredService<KeptDays>()));
        services.AddSingleton<KeptDays>();
        services.AddSingleton<ObservationInserter>().AddSingleton<ChangeFeed>();
        services.AddSingleton<IngestQueue>().AddHostedService(provider => provider.GetRequiredService<IngestQueue>());

        services.AddSingleton(provider => new Buckets(provider.GetRequiredService<IOptions<SensingOptions>>().Value.TimeZone));
        services.AddHostedService<RollupZone>();
        services.AddSingleton<RollupWorker>().AddHostedService(provider => provider.GetRequiredService<RollupWorker>());
        services.AddSingleton<SeriesReader>();
        services.AddSingleton(provider => new SensingQueries(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Visibility>(), provider.GetRequiredService<Buckets>(), provider.GetRequiredService<SeriesReader>()));
        services.AddSingleton(provider => new SensingHistory(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Visibility>(), provider.GetRequiredService<Buckets>(), provider.GetRequiredService<SeriesReader>()));

        services.AddSingleton<Rows>().AddSingleton<EntityCreator>().AddSingleton<EntityUpdater>().AddSingleton<EntityDeleter>().AddSingleton<ObservationChanges>();
        services.AddSingleton<PageReader>().AddSingleton<AppliedReader>().AddSingleton<Thinner>().AddSingleton<EntityReader>().AddSingleton<Wire>();
        services.AddSingleton<QuerySeats>().AddSingleton<ReadEntities>().AddSingleton<WriteEntities>().AddSingleton<PostObservation>().AddSingleton<CreateObservations>();
        services.AddSingleton(provider => new OutwardCalls(provider.GetRequiredService<IOptions<SensingOptions>>().Value.WebhooksInside, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookSender>().AddHostedService(provider => provider.GetRequiredService<WebhookSender>());
        services.AddSingleton<WebhookReaction>().AddReaction<ObservationsStored, WebhookReaction>("sensing.webhooks");
        services.AddNotPersonal("webhooks", "the name of what is told, not of a person", "name").AddNotPersonal("webhooks", "signs messages to a program; it tells of no person", "secret");
        services.AddSingleton(provider => new WebhookDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<WebhookReaction>(), provider.GetRequiredService<WebhookSender>(),
            provider.GetRequiredService<IOptions<SensingOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RetentionWorker>().AddHostedService(provider => provider.GetRequiredService<RetentionWorker>());
        services.AddSingleton(provider => new RetentionDesk(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Visibility>(), provider.GetRequiredService<Rows>(), provider.GetRequiredService<Recorder>()));
        services.AddSingleton<DeletionWorker>().AddHostedService(provider => provider.GetRequiredService<DeletionWorker>());
        services.AddSingleton(provider => new DeletionDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Rows>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<DeletionWorker>(),
            provider.GetRequiredService<IOptions<SensingOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<HealthWorker>().AddHostedService(provider => provider.GetRequiredService<HealthWorker>());
        services.AddSingleton(provider => new SensorHealth(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Visibility>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<InnerRequests>().AddSingleton<PostBatch>();
        services.AddSingleton(provider => new SensorThingsDoor(provider.GetRequiredService<InnerRequests>(), provider.GetRequiredService<Wire>(), provider.GetRequiredService<TimeProvider>()));
        services.AddDoors();
        return services.AddMqtt();
    }

    /// <summary>Lets the requests of a batch go through the layers that stand behind this one, and pages of other origins read what is public. Before whatever makes answers of failures.</summary>
    public static IApplicationBuilder UseSensingBatches(this IApplicationBuilder app) => app.Use(next =>
    {
        app.ApplicationServices.GetRequiredService<InnerRequests>().Pipeline = next;
        return context => CrossOrigin.Handle(context, next);
    });

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapSensing(this IEndpointRouteBuilder routes)
    {
        foreach (var profile in Profile.All)
        {
            MapProfile(routes, profile);
        }

        routes.MapMqtt();
        var series = routes.MapGroup("/api/series").WithTags("Series").RequireAuthorization(Policies.PublicRead).ForDevices();
        series.MapGet("/{datastream:long}", ReadSeries.Handle).WithSummary("The numbers of a Datastream by ten minutes, hour or day, or one by one");
        series.MapGet("/{datastream:long}.csv", ReadSeries.HandleCsv).Exports().WithSummary("The same as CSV").Produces(StatusCodes.Status200OK, contentType: "text/csv");
        var webhooks = routes.MapGroup("/api/webhooks").WithTags("Webhooks").RequireAuthorization(Policies.SensingWrite);
        webhooks.MapGet("/", WebhookRoutes.List).WithSummary("The webhooks that one manages");
        webhooks.MapPost("/", WebhookRoutes.Make).NeedsProof().WithSummary("Tell an address of new Observations which meet a query");
        webhooks.MapPut("/{id:long}/state", WebhookRoutes.Switch).WithSummary("Switch a webhook on or off");
        webhooks.MapDelete("/{id:long}", WebhookRoutes.Delete).NeedsProof().WithSummary("Delete a webhook");

        var retention = routes.MapGroup("/api/retention").WithTags("Retention");
        retention.MapGet("/", RetentionRoutes.List).RequireAuthorization(Policies.PublicRead).WithSummary("How long Datastreams keep their Observations");
        retention.MapGet("/runs", RetentionRoutes.ListRuns).RequireAuthorization(Policies.PublicRead).WithSummary("What was removed, the last first");
        retention.MapPut("/{datastream:long}", RetentionRoutes.Set).NeedsProof().RequireAuthorization(Policies.SensingWrite).WithSummary("Set how long a Datastream keeps its Observations");
        retention.MapDelete("/{datastream:long}", RetentionRoutes.Remove).NeedsProof().RequireAuthorization(Policies.SensingWrite).WithSummary("Keep the Observations of a Datastream for ever");

        var deletions = routes.MapGroup("/api/deletions").WithTags("Deletions").RequireAuthorization(Policies.SensingWrite);
        deletions.MapGet("/", DeletionRoutes.List).WithSummary("Deletions of Observations by a query, and how far they are");
        deletions.MapGet("/{id:long}", DeletionRoutes.Get).WithSummary("One deletion");
        deletions.MapPost("/", DeletionRoutes.Make).WithSummary("Look what a query would delete; nothing is deleted");
        deletions.MapPost("/{id:long}/start", DeletionRoutes.Start).NeedsProof().WithSummary("Delete what was previewed");
        deletions.MapDelete("/{id:long}", DeletionRoutes.Stop).WithSummary("Stop a deletion");

        routes.MapGroup("/api/sensor-health").WithTags("Sensor health").RequireAuthorization(Policies.PublicRead).MapGet("/", ReadHealth.Handle).WithSummary("What is wrong with sensors now");
        routes.MapDoors();
        return routes;
    }

    private static void MapProfile(IEndpointRouteBuilder routes, Profile profile)
    {
        var read = routes.MapGroup(profile.Root).WithTags("SensorThings").RequireAuthorization(Policies.PublicRead).ForDevices();
        read.MapMethods("/{**path}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, ReadEntities entities) => entities.Handle(context, profile)).WithSummary("Read the service root, a collection, an entity or a property");

        read.MapPost("/$batch", (HttpContext context, PostBatch batch) => batch.Handle(context, profile)).WithSummary("Many requests in one; each is asked whether its caller may");

        // Kept, so that no scope of services is made for each of a thousand devices a second.
        var single = new Lazy<WriteEntities>(routes.ServiceProvider.GetRequiredService<WriteEntities>);
        var write = routes.MapGroup(profile.Root).WithTags("SensorThings").RequireAuthorization(Policies.SensingWrite).ForDevices();
        write.MapPost("/CreateObservations", (HttpContext context, CreateObservations create) => create.Handle(context, profile)).WithSummary("Store many Observations as dataArrays");
        write.MapPost("/{**path}", (Delegate)((HttpContext context) => single.Value.Post(context, profile))).WithSummary("Create an entity, with others inline");
        if (profile.Knows(SensorThingsModel.Tasks))
        {
            var command = routes.MapGroup(profile.Root).WithTags("SensorThings").RequireAuthorization(Policies.SensingCommand).ForDevices();
            command.MapPost("/Tasks", (HttpContext context, WriteEntities entities) => entities.Post(context, profile)).WithSummary("Tell a Thing what to do");
            command.MapPost("/TaskingCapabilities({id:long})/Tasks", (HttpContext context, WriteEntities entities) => entities.Post(context, profile)).WithSummary("Tell a Thing what to do");
        }

        write.MapPatch("/{**path}", (HttpContext context, WriteEntities entities) => entities.Patch(context, profile)).WithSummary("Change an entity");
        write.MapPut("/{**path}", (HttpContext context, WriteEntities entities) => entities.Put(context, profile)).WithSummary("Replace an entity");
        write.MapDelete("/{**path}", (HttpContext context, WriteEntities entities) => entities.Delete(context, profile)).WithSummary("Delete an entity and what hangs on it");
    }
}
