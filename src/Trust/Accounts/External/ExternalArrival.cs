using System.Security.Claims;
using Madang.Kernel;
using Madang.Trust.Accounts.People;
using Madang.Trust.Accounts.Sessions;
using Madang.Trust.Accounts.SignIn;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Madang.Trust.Accounts.External;

/// <summary>
/// What becomes of somebody who comes back from another provider. An account is known by the provider's own id of the person
/// alone. It is never found by an address of e-mail: a provider that is careless with addresses would open every account here.
/// Whoever already has an account signs in and links; whoever is new gets one when the provider may make people.
/// </summary>
internal sealed class ExternalArrival(UserManager<Person> people, Entrance entrance, SessionStore sessions, IOptions<AccountsOptions> options, Recorder recorder, TimeProvider clock)
{
    /// <summary>What a failure is called in the address of the page that tells it.</summary>
    public const string Failed = "external-failed", Unknown = "external-unknown", Known = "external-known", Taken = "external-taken", Locked = "locked";

    /// <summary>Signs in; null when the person is in or a second factor is waited for, which <c>Second</c> says.</summary>
    public async Task<(string? Problem, bool Second)> SignIn(HttpContext context, string provider, ClaimsPrincipal who, CancellationToken cancel)
    {
        if (Value(who, "sub") is not { } subject)
        {
            return (Failed, false);
        }

        var person = await people.FindByLoginAsync(provider, subject);
        if (person is null)
        {
            var (made, problem) = await Make(provider, subject, who);
            if (made is null)
            {
                await recorder.Record(AccountEntry.Failed(SignInMethod.External, null, problem ?? Failed));
                return (problem, false);
            }

            person = made;
        }

        var answer = await entrance.Admit(context, person, SignInMethod.External, cancel);
        return (answer.Outcome == SignInOutcome.Locked ? Locked : null, answer.Outcome == SignInOutcome.SecondFactor);
    }

    /// <summary>Links to the account that asked for it and is still signed in on this browser.</summary>
    public async Task<string?> Link(HttpContext context, string provider, ClaimsPrincipal who, string person, CancellationToken cancel)
    {
        var present = SessionCookie.Read(context.Request) is { } token && await sessions.Find(token, isUsed: true, cancel) is { } caller ? SignedIn.Of(caller) : null;
        if (present?.Person != person || Value(who, "sub") is not { } subject || await people.FindByIdAsync(person) is not { } owner)
        {
            return Failed;
        }

        if (await people.FindByLoginAsync(provider, subject) is { } other)
        {
            return other.Id == person ? null : Taken;
        }

        return (await people.AddLoginAsync(owner, new UserLoginInfo(provider, subject, provider))).Succeeded ? null : Failed;
    }

    private async Task<(Person? Person, string? Problem)> Make(string provider, string subject, ClaimsPrincipal who)
    {
        var address = Value(who, "email") is { } email && Value(who, "email_verified") is "true" or "True" ? JoinDesk.Address(email) : null;
        if (options.Value.External.Single(one => one.Name == provider) is not { MakesPeople: true } || address is null)
        {
            return (null, Unknown);
        }

        if (await people.FindByEmailAsync(address) is not null)
        {
            return (null, Known);
        }

        var person = new Person { Name = AccountDesk.Name(Value(who, "name") ?? "") ?? address, UserName = address, Email = address, EmailConfirmed = true, Made = clock.GetUtcNow().ToMicros() };
        if (!(await people.CreateAsync(person)).Succeeded)
        {
            return (null, Failed);
        }

        return (await people.AddLoginAsync(person, new UserLoginInfo(provider, subject, provider))).Succeeded ? (person, null) : (null, Failed);
    }

    private static string? Value(ClaimsPrincipal who, string claim) => who.FindFirst(claim)?.Value is { Length: > 0 and < 500 } value ? value : null;
}
