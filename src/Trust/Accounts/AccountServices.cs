using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts.External;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Madang.Trust.Record.Keeper;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts;

/// <summary>The services of accounts: people, sessions, ways in, letters.</summary>
internal static class AccountServices
{
    /// <summary>The default scheme: it asks <see cref="SignedIn.Scheme"/> where a browser shows its cookie, and the devices' scheme otherwise.</summary>
    public const string Caller = "caller";

    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountsOptions>().BindConfiguration("Accounts").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountsOptions>, ValidateExternal>();
        services.AddPeople();
        services.AddSessions();
        services.AddWaysIn();
        services.AddDesks();
        services.AddMail();
        services.AddExternal();
    }

    private static void AddPeople(this IServiceCollection services)
    {
        services.AddDbContext<PeopleContext>((provider, context) =>
        {
            var database = provider.GetRequiredService<IDatabase>();
            // What Person does not keep is left out on purpose.
            context.ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.MappedPropertyIgnoredWarning));
            _ = database.Engine == Engine.Sqlite ? context.UseSqlite(database.Connect(), contextOwnsConnection: true) : context.UseNpgsql(database.Connect(), contextOwnsConnection: true);
        });
        services.AddIdentityCore<Person>(identity =>
        {
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            identity.User.AllowedUserNameCharacters = "";
        }).AddEntityFrameworkStores<PeopleContext>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordRule.Iterations);
        services.AddScoped<IPasskeyHandler<Person>, PasskeyHandler<Person>>();
        // Passkeys belong to the name by which people know the city, whatever Host a request brings.
        services.AddOptions<IdentityPasskeyOptions>().Configure<IOptions<AccountsOptions>>((passkeys, accounts) =>
            (passkeys.UserVerificationRequirement, passkeys.ResidentKeyRequirement, passkeys.ServerDomain) =
            ("required", "required", Uri.TryCreate(accounts.Value.PublicAddress, UriKind.Absolute, out var known) ? known.Host : null));
        services.AddDataProtection().SetApplicationName("madang");
        services.AddSingleton<KeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<KeyRing>((keys, ring) => keys.XmlRepository = ring);
        // That the keys lie unencrypted in the store is decided (decision 0014), and need not be told at every start.
        services.AddLogging(logging => logging
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
            // That a page with a form is not cached is meant, and who is refused stands in the record.
            .AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error)
            .AddFilter(typeof(SessionHandler).FullName, LogLevel.Warning));
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<Addresses>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionStore>();
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(SignedIn.Scheme, _ => { })
            .AddPolicyScheme(Caller, null, policy => policy.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count == 0 && SessionCookie.Read(context.Request) is not null ? SignedIn.Scheme : LocalOrKeyHandler.Scheme);
    }

    private static void AddWaysIn(this IServiceCollection services)
    {
        services.AddSingleton<Tickets>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<RecoveryCodes>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<PasskeyDesk>();
        services.AddScoped<Entrance>();
        services.AddScoped<FirstPeople>();
        services.AddScoped(provider => new SignInDesk(
            provider.GetRequiredService<UserManager<Person>>(), provider.GetRequiredService<PasswordCheck>(), provider.GetRequiredService<PasskeyDesk>(), provider.GetRequiredService<Entrance>(),
            provider.GetRequiredService<Attempts>(), provider.GetRequiredService<SessionStore>(), provider.GetRequiredService<SessionCookie>(), provider.GetRequiredService<Tickets>(),
            provider.GetRequiredService<Letters>(), provider.GetRequiredService<Addresses>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<Tally>()));
        services.AddScoped(provider => new AccountDesk(
            provider.GetRequiredService<UserManager<Person>>(), provider.GetRequiredService<PasskeyDesk>(), provider.GetRequiredService<RecoveryCodes>(), provider.GetRequiredService<SessionStore>(),
            provider.GetRequiredService<Tickets>(), provider.GetRequiredService<Letters>(), provider.GetRequiredService<PasswordCheck>(), provider.GetRequiredService<Attempts>(),
            provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new JoinDesk(
            provider.GetRequiredService<UserManager<Person>>(), provider.GetRequiredService<PasswordCheck>(), provider.GetRequiredService<Entrance>(), provider.GetRequiredService<SessionStore>(),
            provider.GetRequiredService<Tickets>(), provider.GetRequiredService<Attempts>(), provider.GetRequiredService<Letters>(), provider.GetRequiredService<Grants>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<AccountsOptions>>()));
    }

    private static void AddDesks(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Colleagues(provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new PeopleDesk(
            provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<UserManager<Person>>(),
            provider.GetRequiredService<SessionStore>(), provider.GetRequiredService<Attempts>(), provider.GetRequiredService<Letters>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new InvitationDesk(
            provider.GetRequiredService<UserManager<Person>>(), provider.GetRequiredService<PeopleDesk>(), provider.GetRequiredService<Grants>(), provider.GetRequiredService<Entrance>(), provider.GetRequiredService<Tickets>(),
            provider.GetRequiredService<Letters>(), provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddMail(this IServiceCollection services)
    {
        services.TryAddSingleton<IMailDoor>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AccountsOptions>>().Value;
            var folder = MailFolder.PlaceOf(options, provider.GetRequiredService<IOptions<StorageOptions>>().Value);
            return string.IsNullOrWhiteSpace(options.MailServer) ? new MailFolder(folder, options.MailFrom, provider.GetRequiredService<TimeProvider>()) : new MailServer(options);
        });
        services.AddSingleton<Postbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Postbox>());
        services.AddSingleton<Letters>();
    }

    private static void AddExternal(this IServiceCollection services)
    {
        services.AddSingleton<ExternalDoors>();
        services.AddScoped<ExternalArrival>();
        services.AddSingleton<ExternalSchemes>();
        services.AddSingleton<IConfigureOptions<AuthenticationOptions>>(provider => provider.GetRequiredService<ExternalSchemes>());
        services.AddSingleton<IConfigureOptions<OAuthOptions>>(provider => provider.GetRequiredService<ExternalSchemes>());
        services.AddSingleton<IPostConfigureOptions<OAuthOptions>, OAuthPostConfigureOptions<OAuthOptions, OAuthHandler<OAuthOptions>>>();
        services.AddTransient<OAuthHandler<OAuthOptions>>();
    }
}
