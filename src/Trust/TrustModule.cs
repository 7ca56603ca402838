using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Door;
using Madang.Trust.Privacy;
using Madang.Trust.Record;
using Madang.Trust.Record.Keeper;
using Madang.Trust.Record.Log;
using Madang.Trust.Record.Retention;
using Madang.Trust.Record.Review;
using Madang.Trust.Record.Witness;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust;

/// <summary>Registers who may do what, and the record of what was done. Deny by default: a route without a policy is refused.</summary>
public static class TrustModule
{
    /// <summary>Adds authentication, the policies of <see cref="Policies"/>, and <see cref="Visibility"/>.</summary>
    public static IServiceCollection AddTrust(this IServiceCollection services)
    {
        services.AddOptions<TrustOptions>().BindConfiguration("Trust").ValidateDataAnnotations().Validate(WitnessCalls.CanBeAsked).ValidateOnStart();
        services.AddSchema("trust", typeof(TrustModule).Assembly);
        services.AddSingleton(provider => new Visibility(provider.GetServices<OwnedTable>(), provider.GetServices<PublicTable>(), provider.GetRequiredService<Callers>(), provider.GetRequiredService<Tally>()));
        services.AddSingleton<HouseKeeper>().AddHostedService(provider => provider.GetRequiredService<HouseKeeper>());
        services.AddReaction<AccessChanged, HouseKeeper>("trust.house");
        services.AddSingleton<KeyUses>().AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services.AddSingleton<Callers>().AddSingleton<Reception>().AddSingleton<IAuthorizationHandler, NeedHandler>();
        services.AddSingleton(provider => new CityAtWork(provider.GetRequiredService<HouseKeeper>()));
        services.AddSingleton(provider => new Departments(provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<IDatabase>()));
        services.AddSingleton(provider => new Grants(provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Providers(provider.GetRequiredService<HouseKeeper>()));
        services.AddSingleton(provider => new DeviceKeys(
            provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<Providers>(), provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<TimeProvider>()));

        services.AddSingleton(provider => new StandingCallers(provider.GetRequiredService<Callers>(), provider.GetRequiredService<Limits>(), provider.GetRequiredService<Tally>()));
        services.AddSingleton(provider => new Limits(provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<IOptionsMonitor<TrustOptions>>()));

        services.AddAccounts();
        services.AddPrivacy();
        services.AddAuthentication(AccountServices.Caller)
            .AddScheme<AuthenticationSchemeOptions, LocalOrKeyHandler>(LocalOrKeyHandler.Scheme, _ => { });
        var policies = services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoRoute).Build());
        foreach (var (name, need) in Policies.All)
        {
            policies.AddPolicy(name, policy =>
            {
                if (name == Policies.SignedIn)
                {
                    // Who is not signed in is led to the page for it.
                    policy.AddAuthenticationSchemes(SignedIn.Scheme);
                }

                _ = need is null ? policy.RequireAssertion(_ => true) : policy.AddRequirements(need);
            });
        }

        return services.AddRecord();
    }

    /// <summary>The record and its log. The log is registered first and so stops last: what the recorder stored at its end is still signed.</summary>
    private static IServiceCollection AddRecord(this IServiceCollection services)
    {
        services.AddSingleton(provider => RecordPlace.Of(provider.GetRequiredService<IOptions<TrustOptions>>(), provider.GetRequiredService<IOptions<StorageOptions>>()));
        services.AddSingleton<RecordBell>().AddSingleton<Subjects>().AddSingleton<RecordRows>();
        services.AddSingleton(provider => new RecordBook(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Tally>();
        services.AddSingleton(provider => new Sightings(provider.GetRequiredService<Reception>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<Tally>(), provider.GetRequiredService<ILogger<Sightings>>()));
        services.AddSingleton(provider => new RecordedSubjects(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Subjects>()));
        services.AddSingleton(provider => new RecordHealth(provider.GetRequiredService<RecordLog>()));
        services.AddSingleton<LogTable>().AddSingleton<LogKey>().AddSingleton<RecordLog>().AddHostedService(provider => provider.GetRequiredService<RecordLog>());
        services.AddSingleton<ReviewTable>().AddSingleton(provider => new RecordReviews(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<ReviewTable>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<ReviewClock>>()));
        services.AddSingleton<Destroyer>().AddHostedService<RetentionJob>();
        services.AddSingleton<WitnessCalls>().AddHostedService(provider => provider.GetRequiredService<WitnessCalls>());
        services.AddSingleton(provider => new Recorder(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<RecordRows>(), provider.GetRequiredService<RecordBell>(), provider.GetRequiredService<IOptions<TrustOptions>>(), provider.GetRequiredService<ILogger<Recorder>>()));
        // The tally stops before the recorder, which keeps what it counted.
        services.AddHostedService(provider => provider.GetRequiredService<Recorder>());
        return services.AddHostedService(provider => provider.GetRequiredService<Tally>());
    }

    /// <summary>Finds out who calls and whether he may; stands between routing and the routes.</summary>
    public static IApplicationBuilder UseTrust(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<Unguarded>() is { } unguarded)
        {
            return Guard(app.Use(unguarded.Before)).Use(unguarded.After);
        }

        return Guard(app);
    }

    /// <summary>The link that makes an administrator; null when the city has one. Asked for by <c>serve</c> alone, which has no demo people: those of an earlier demo go.</summary>
    public static async Task<string?> OfferAdministrator(this IHost host, CancellationToken cancel)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPeople>().OfferAdministrator(cancel);
    }

    /// <summary>Makes the demo's made-up people where they are missing, and answers them with their passwords.</summary>
    public static async Task<IReadOnlyList<DemoPerson>> MakeDemoPeople(this IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<FirstPeople>().MakeDemoPeople();
    }

    /// <summary>Maps the module's routes.</summary>
    public static IEndpointRouteBuilder MapTrust(this IEndpointRouteBuilder routes)
    {
        var departments = routes.MapGroup("/api/departments").WithTags("Trust");
        departments.MapGet("", DepartmentRoutes.List).RequireAuthorization(Policies.DepartmentsRead).WithSummary("The departments, now or at a moment of the past");
        departments.MapPost("", DepartmentRoutes.Make).RequireAuthorization(Policies.DepartmentsManage).WithSummary("Make a department");
        departments.MapPut("/{id:long}", DepartmentRoutes.Change).RequireAuthorization(Policies.DepartmentsManage).WithSummary("Rename or move a department");
        departments.MapPost("/{id:long}/close", DepartmentRoutes.Close).AddEndpointFilter(FreshProof.Check).RequireAuthorization(Policies.DepartmentsManage).WithSummary("Close a department; another takes over what it owns");

        var roles = routes.MapGroup("/api").WithTags("Trust").RequireAuthorization(Policies.DepartmentsManage);
        roles.MapGet("/roles", DepartmentRoutes.Roles).WithSummary("The roles and what each allows");
        roles.MapGet("/grants", DepartmentRoutes.GrantsOf).WithSummary("The roles of a person, or of everybody");
        roles.MapPost("/grants", DepartmentRoutes.Give).AddEndpointFilter(FreshProof.Check).WithSummary("Give a person a role");
        roles.MapDelete("/grants/{id:long}", DepartmentRoutes.End).AddEndpointFilter(FreshProof.Check).WithSummary("End a role");

        var providers = routes.MapGroup("/api/providers").WithTags("Trust");
        providers.MapGet("", ProviderRoutes.List).RequireAuthorization(Policies.ProvidersRead).WithSummary("Who brings Things in, and their projects");
        providers.MapPost("", ProviderRoutes.Make).RequireAuthorization(Policies.ProvidersManage).WithSummary("Make a provider, or a project of one");
        providers.MapPut("/{id:long}", ProviderRoutes.Change).AddEndpointFilter(FreshProof.Check).RequireAuthorization(Policies.ProvidersManage).WithSummary("Rename, show or hide a provider");
        providers.MapPost("/{id:long}/close", ProviderRoutes.Close).AddEndpointFilter(FreshProof.Check).RequireAuthorization(Policies.ProvidersManage).WithSummary("End a provider and its keys");

        var limits = routes.MapGroup("/api/limits").WithTags("Trust").RequireAuthorization(Policies.LimitsManage);
        limits.MapGet("", LimitRoutes.List).WithSummary("How often addresses, accounts and keys may ask");
        limits.MapPut("", LimitRoutes.Set).AddEndpointFilter(FreshProof.Check).WithSummary("Set a limit in the place of the one before");
        limits.MapDelete("/{id:long}", LimitRoutes.End).AddEndpointFilter(FreshProof.Check).WithSummary("Take a limit away; what is more general holds again");

        var record = routes.MapGroup("/api/audit").WithTags("Trust");
        record.MapGet("", RecordRoutes.Search).RequireAuthorization(Policies.RecordRead).WithSummary("Who did what: the record, the newest first");
        record.MapGet("/export", RecordRoutes.Export).RequireAuthorization(Policies.RecordExport).WithSummary("The entries that fit as they stand in the log, as JSON lines or CSV");
        routes.MapGet("/api/me/record", RecordRoutes.Mine).WithTags("Trust").RequireAuthorization(Policies.SignedIn).WithSummary("What was done with one's own data, in which role and what for");

        var keys = routes.MapGroup("/api/keys").WithTags("Trust").RequireAuthorization(Policies.ProvidersManage);
        keys.MapGet("", ProviderRoutes.ListKeys).WithSummary("The keys of a provider, or of the whole city");
        keys.MapPost("", ProviderRoutes.MakeKey).AddEndpointFilter(FreshProof.Check).WithSummary("Make a key; its secret is told this once");
        keys.MapPost("/{id}/rotate", ProviderRoutes.Rotate).AddEndpointFilter(FreshProof.Check).WithSummary("Make a key in the place of another");
        keys.MapDelete("/{id}", ProviderRoutes.Revoke).AddEndpointFilter(FreshProof.Check).WithSummary("Take a key back");
        MapPeople(routes);
        routes.MapPrivacy();
        return routes.MapLog();
    }

    /// <summary>The record's log in files, for who verifies it, and its monthly review.</summary>
    private static IEndpointRouteBuilder MapLog(this IEndpointRouteBuilder routes)
    {
        var log = routes.MapGroup("/audit").WithTags("Record").RequireAuthorization(Policies.PublicRead);
        log.MapGet("/checkpoint", LogRoutes.Checkpoint).WithSummary("The head of the record's log, signed (C2SP tlog-checkpoint)");
        log.MapGet("/key.pub", LogRoutes.Key).WithSummary("The public key of the log");
        log.MapGet("/tile/{level}/{**index}", LogRoutes.Tile).WithSummary("A tile of the tree's hashes (C2SP tlog-tiles)");
        routes.MapGet("/audit/tile/entries/{**index}", LogRoutes.Entries).WithTags("Record").RequireAuthorization(Policies.RecordRead).WithSummary("A bundle of entries");

        var review = routes.MapGroup("/api/audit/review").WithTags("Record");
        review.MapGet("", ReviewRoutes.Read).RequireAuthorization(Policies.RecordRead).WithSummary("A month of the record: who did how much, and what was unusual");
        review.MapPost("", ReviewRoutes.Sign).RequireAuthorization(Policies.RecordManage).WithSummary("Say that a month was looked through");
        return routes;
    }

    private static void MapPeople(IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/api/people").WithTags("Trust");
        people.MapGet("", PeopleRoutes.List).RequireAuthorization(Policies.PeopleRead).WithSummary("The people who have an account, page by page");
        people.MapGet("/{id}", PeopleRoutes.Get).RequireAuthorization(Policies.PeopleRead).WithSummary("A person with the roles that the caller may see");
        people.MapPost("/{id}/letter", PeopleRoutes.Resend).RequireAuthorization(Policies.PeopleManage).WithSummary("Send the letter of the invitation, or of the confirmation, once more");
        var manage = people.MapGroup("").RequireAuthorization(Policies.PeopleManage).AddEndpointFilter(FreshProof.Check);
        manage.MapPost("", PeopleRoutes.Invite).WithSummary("Invite an address to a role; a letter opens the account");
        manage.MapDelete("/{id}", PeopleRoutes.Withdraw).WithSummary("Take an invitation back that nobody opened yet");
        manage.MapPost("/{id}/lock", PeopleRoutes.Lock).WithSummary("Lock a person out and end every session");
        manage.MapPost("/{id}/unlock", PeopleRoutes.Unlock).WithSummary("Let a person in again, also after too many wrong passwords");
        manage.MapDelete("/{id}/sessions", PeopleRoutes.EndSessions).WithSummary("Sign a person out everywhere");
    }

    /// <summary>
    /// Marks routes that devices call thousands of times a second. They are protected by the same policies, decided once for
    /// each known caller; they take no cookies and no forms.
    /// </summary>
    public static TBuilder ForDevices<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new ForDevices());

    /// <summary>Marks routes that a page asks by itself, while its reader may be away: a session does not live longer by them, and a 401 for one that has ended is no refusal for the record.</summary>
    public static TBuilder IsNoUse<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new NoUse());

    /// <summary>Marks routes by which data is taken out in bulk: each use is recorded.</summary>
    public static TBuilder Exports<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.AddEndpointFilter(async (context, next) =>
        {
            await context.HttpContext.RequestServices.GetRequiredService<Sightings>().TakenOut(context.HttpContext);
            return await next(context);
        });

    /// <summary>Marks routes that do what is hard to undo: whoever signed in proves again who it is, in the last five minutes.</summary>
    public static RouteHandlerBuilder NeedsProof(this RouteHandlerBuilder route) => route.AddEndpointFilter(FreshProof.Check);

    private static IApplicationBuilder Guard(IApplicationBuilder app) => app
        .UseMiddleware<DeviceGate>().Use(Https).Use(HostCookies.Before).UseAuthentication()
        .Use((RequestDelegate next) =>
        {
            var reception = app.ApplicationServices.GetRequiredService<Reception>();
            return context =>
            {
                reception.Enter(context);
                return Reception.IsWrongKey(context) ? context.ChallengeAsync() : next(context);
            };
        })
        .UseAuthorization();

    /// <summary>Behind the proxy of the public address a request is what the browser sent: HTTPS, for cookies, links and passkeys.</summary>
    private static RequestDelegate Https(RequestDelegate next) => context =>
    {
        if (!context.Request.IsHttps && context.RequestServices.GetRequiredService<Addresses>().IsSecure(context.Request))
        {
            context.Request.Scheme = "https";
        }

        return next(context);
    };

    /// <summary>Where no route is, there is nothing to protect: the answer is 404, or 405 from the router's own endpoint.</summary>
    private static bool IsNoRoute(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;
}
