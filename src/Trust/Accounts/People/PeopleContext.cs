using System.Data.Common;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Madang.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Madang.Trust.Accounts.People;

/// <summary>
/// Identity's people on the house's own store. It reads on a connection of its own and saves through
/// <see cref="IDatabase.Write{T}"/>, on the writing connection and in its transaction, so that SQLite keeps its one writer and
/// no two locks can wait for each other; what changes is recorded there too.
/// </summary>
internal sealed class PeopleContext : IdentityUserContext<Person>
{
    private readonly IDatabase database;
    private readonly Recorder recorder;

    public PeopleContext(DbContextOptions<PeopleContext> options, IDatabase database, Recorder recorder)
        : base(options)
    {
        this.database = database;
        this.recorder = recorder;
        Database.AutoSavepointsEnabled = false;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("People are saved with SaveChangesAsync.");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (!ChangeTracker.HasChanges())
        {
            return 0;
        }

        // A lost race is tried again by the store: what was changed is forgotten only after the commit.
        var saved = await database.Write(SaveIn, cancellationToken);
        if (acceptAllChangesOnSuccess)
        {
            ChangeTracker.AcceptAllChanges();
        }

        return saved;
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Person>(person =>
        {
            person.ToTable("trust_person");
            person.Ignore(one => one.PhoneNumber).Ignore(one => one.PhoneNumberConfirmed).Ignore(one => one.TwoFactorEnabled);
            person.Ignore(one => one.LockoutEnd).Ignore(one => one.LockoutEnabled).Ignore(one => one.AccessFailedCount);
        });
        builder.Entity<IdentityUserClaim<string>>().ToTable("trust_person_claim");
        builder.Entity<IdentityUserLogin<string>>().ToTable("trust_person_login");
        builder.Entity<IdentityUserToken<string>>().ToTable("trust_person_token");
        builder.Entity<IdentityUserPasskey<string>>().ToTable("trust_person_passkey");
        foreach (var entity in builder.Model.GetEntityTypes().Where(entity => !entity.IsOwned()))
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            }
        }

        builder.Entity<IdentityUserPasskey<string>>().OwnsOne(passkey => passkey.Data).ToJson("data");
    }

    private async Task<int> SaveIn(WriteScope scope)
    {
        Database.SetDbConnection(scope.Connection, contextOwnsConnection: false);
        await Database.UseTransactionAsync(scope.Transaction, scope.Cancel);
        try
        {
            foreach (var entry in PeopleChanges.Entries(ChangeTracker))
            {
                await recorder.Record(scope, entry);
            }

            return await base.SaveChangesAsync(acceptAllChangesOnSuccess: false, scope.Cancel);
        }
        catch (DbUpdateException exception) when (exception is not DbUpdateConcurrencyException && exception.InnerException is DbException cause)
        {
            // The store knows its engines' own exceptions: a full disk, a lost race.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
        finally
        {
            await Database.UseTransactionAsync(null, CancellationToken.None);
            // Its own connection was disposed when another took its place.
            Database.SetDbConnection(database.Connect(), contextOwnsConnection: true);
        }
    }
}
