using Microsoft.AspNetCore.Http;

namespace Madang.Trust;

/// <summary>Where somebody who is not signed in is sent; the pages fill it in.</summary>
public sealed class SignInPage
{
    /// <summary>The address of the page to sign in, for a request that needed it; null for a request of a program, which is answered with 401.</summary>
    public Func<HttpRequest, string?> Address { get; set; } = _ => null;
}
