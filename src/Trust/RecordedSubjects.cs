using Dapper;
using Madang.Storage;
using Madang.Trust.Record.Keeper;

namespace Madang.Trust;

/// <summary>Whose digests stand in the record: for whoever may know it, and until the subject is forgotten.</summary>
public sealed class RecordedSubjects
{
    private readonly IDatabase database;
    private readonly Subjects subjects;

    internal RecordedSubjects(IDatabase database, Subjects subjects) => (this.database, this.subjects) = (database, subjects);

    /// <summary>The digest by which a subject (a person, a key, a personal thing) stands in the record; null when it never did.</summary>
    public async Task<string?> FindDigest(string subject, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<string>("SELECT digest FROM trust_subjects WHERE subject = @subject", new { subject }, read.Transaction);
    }

    /// <summary>Whose digest this is; null when nobody knows, or nobody any more.</summary>
    public async Task<string?> FindSubject(string digest, CancellationToken cancel)
    {
        await using var read = await database.Read(cancel);
        return await read.Connection.QuerySingleOrDefaultAsync<string>("SELECT subject FROM trust_subjects WHERE digest = @digest", new { digest }, read.Transaction);
    }

    /// <summary>
    /// Makes a subject's digests nobody's: its entries stay, and nobody can say any more whose they are. What is recorded of
    /// the same subject later has another digest. Within somebody's change, since erasure is one.
    /// </summary>
    public async Task Forget(WriteScope scope, string subject)
    {
        ArgumentNullException.ThrowIfNull(scope);
        await scope.Connection.ExecuteAsync("DELETE FROM trust_subjects WHERE subject = @subject", new { subject }, scope.Transaction);
        subjects.Forget(subject);
    }

    /// <summary>Does the same to all addresses of a month (its first day counts), when their time is over.</summary>
    public Task ForgetAddresses(WriteScope scope, DateTimeOffset month) => Forget(scope, Subjects.MonthOf(Kernel.IsoTime.ToMicros(month)));
}
