using Madang.Storage;
using Madang.Trust.Access;
using Madang.Trust.Accounts.Mail;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Record.Keeper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Privacy;

/// <summary>The services of personal data: what is declared, the job that destroys what is over, export and erasure.</summary>
internal static class PrivacyServices
{
    private const string NameOfThing = "the name of an office, a provider or a thing, not of a person";

    public static IServiceCollection AddPrivacy(this IServiceCollection services)
    {
        services.AddOptions<PrivacyOptions>().BindConfiguration("Privacy").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new PersonalInventory(provider.GetServices<PersonalSource>().SelectMany(source => source.Columns(provider)), provider.GetServices<NotPersonal>()));
        services.AddSingleton(provider => new TrustRules(
            provider.GetRequiredService<IOptions<AccountsOptions>>().Value, provider.GetRequiredService<IOptions<TrustOptions>>().Value, provider.GetRequiredService<RecordedSubjects>(),
            MailFolder.PlaceOf(provider.GetRequiredService<IOptions<AccountsOptions>>().Value, provider.GetRequiredService<IOptions<StorageOptions>>().Value)));
        services.AddPersonal(provider => TrustPersonal.Columns(provider.GetRequiredService<TrustRules>()));
        services.AddSingleton<Shredder>().AddHostedService(provider => provider.GetRequiredService<Shredder>());
        services.AddSingleton<IPersonalData, OwnData>();
        services.AddSingleton(provider => new DestructionBook(provider.GetRequiredService<IDatabase>()));
        services.AddScoped(provider => new PersonalDesk(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<HouseKeeper>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<Subjects>(),
            provider.GetRequiredService<PersonalInventory>(), provider.GetServices<IPersonalData>(), provider.GetRequiredService<SessionCookie>(), provider.GetRequiredService<Letters>(), provider.GetRequiredService<TimeProvider>()));
        return services.AddNotPersonal("trust_departments", NameOfThing, "code")
            .AddNotPersonal("trust_department_versions", NameOfThing, "name_ko", "name_en")
            .AddNotPersonal("trust_providers", NameOfThing, "name")
            .AddNotPersonal("trust_keys", NameOfThing, "name")
            .AddNotPersonal("trust_keys", "a digest of a device's secret", "secret_digest")
            .AddNotPersonal("trust_ticket", "a digest of a random secret", "digest")
            .AddNotPersonal("trust_key_ring", "a key of the framework, of no person", "name", "xml")
            .AddNotPersonal("schema_scripts", "the name of a schema script", "name");
    }
}
