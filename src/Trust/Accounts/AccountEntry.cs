namespace Madang.Trust.Accounts;

/// <summary>How the record tells of accounts: <c>login.passkey</c>, <c>logout</c>, <c>account.password</c> and the like, of the person they are about.</summary>
internal static class AccountEntry
{
    /// <summary>What is done to an account by whoever asks; who has not come in yet is taken for the person itself.</summary>
    public static RecordEntry Of(string action, string person)
    {
        var by = Caller.Current;
        return by.Id == $"person:{person}" || by.Kind is not (CallerKind.Person or CallerKind.Local) ? Own(action, person) : About(by.Entry(action, Act.Manage, Kinds.Person), person);
    }

    /// <summary>What a person does to the own account, whoever the request was taken for before: a login makes him known.</summary>
    public static RecordEntry Own(string action, string person) =>
        About(Caller.Current.Entry(action), person) with { Who = $"person:{person}", Role = RecordEntry.Self, Purpose = "own-account" };

    private static RecordEntry About(RecordEntry entry, string person) => entry with { Kind = "person", Thing = $"person:{person}", IsPersonal = true };

    /// <summary>A login that failed. Whose account was tried is told when there is one; the typed name never is.</summary>
    /// <param name="method">The way that was tried, as a session's.</param>
    /// <param name="person">The account; null when there is none of that name.</param>
    /// <param name="result">Refused, or a word for why.</param>
    public static RecordEntry Failed(string method, string? person, string result = RecordEntry.Refused) =>
        Caller.Current.Entry($"login.{method}") with { Who = RecordEntry.Anonymous, Kind = "person", Thing = person is null ? null : $"person:{person}", IsPersonal = person is not null, Result = result };
}
