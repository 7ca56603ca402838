using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Secrets;
using Madang.Trust.Accounts.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace Madang.Trust.Accounts.SignIn;

/// <summary>
/// Passkeys by the framework's own handler (WebAuthn level 3). The challenge lies in a ticket on the server, bound to this
/// browser by a cookie and good once.
/// </summary>
internal sealed class PasskeyDesk(IPasskeyHandler<Person> handler, UserManager<Person> people, Tickets tickets, SessionCookie cookie)
{
    /// <summary>As long as the browser waits (<see cref="IdentityPasskeyOptions.AuthenticatorTimeout"/>).</summary>
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const int LongestCredential = 32_768;

    /// <summary>Options for <c>navigator.credentials.get()</c>; of anybody when no person is named.</summary>
    public async Task<string> Ask(HttpContext context, Person? person, CancellationToken cancel)
    {
        var options = await handler.MakeRequestOptionsAsync(person, context);
        cookie.Write(context, await tickets.Make(TicketKind.Passkey, person?.Id, options.AssertionState ?? "", Life, cancel), SessionCookie.Step);
        return options.RequestOptionsJson;
    }

    /// <summary>Whose passkey answered; null when it is no good.</summary>
    public async Task<Person?> Find(HttpContext context, string credential, CancellationToken cancel)
    {
        if (await tickets.Take(TicketKind.Passkey, SessionCookie.Read(context.Request, SessionCookie.Step), cancel) is not { } ticket || credential.Length is 0 or > LongestCredential)
        {
            return null;
        }

        var answer = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = ticket.Data });
        if (!answer.Succeeded || (ticket.Person is not null && answer.User.Id != ticket.Person))
        {
            return null;
        }

        // The counter of the authenticator moves on: a copy of it would be noticed.
        return (await people.AddOrUpdatePasskeyAsync(answer.User, answer.Passkey)).Succeeded ? answer.User : null;
    }

    /// <summary>Options for <c>navigator.credentials.create()</c>.</summary>
    public async Task<string> Offer(HttpContext context, Person person, CancellationToken cancel)
    {
        var options = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = person.Id, Name = person.UserName!, DisplayName = person.Name }, context);
        cookie.Write(context, await tickets.Make(TicketKind.NewPasskey, person.Id, options.AttestationState ?? "", Life, cancel), SessionCookie.Step);
        return options.CreationOptionsJson;
    }

    /// <summary>Keeps what the authenticator made; false when it is no good.</summary>
    public async Task<bool> Add(HttpContext context, Person person, string credential, string name, CancellationToken cancel)
    {
        if (await tickets.Take(TicketKind.NewPasskey, SessionCookie.Read(context.Request, SessionCookie.Step), cancel) is not { } ticket || ticket.Person != person.Id || credential.Length is 0 or > LongestCredential)
        {
            return false;
        }

        var answer = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = ticket.Data });
        if (!answer.Succeeded)
        {
            return false;
        }

        answer.Passkey.Name = name;
        return (await people.AddOrUpdatePasskeyAsync(person, answer.Passkey)).Succeeded;
    }
}
