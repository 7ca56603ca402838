using Madang.Operations;
using Madang.Sensing;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Madang.Web;

/// <summary>Who looks at which page, and how: what every page needs to be drawn.</summary>
/// <param name="Language">The reader's language, from the address.</param>
/// <param name="Look">Colours and size of text.</param>
/// <param name="Zone">The city's time zone.</param>
/// <param name="At">The moment of the request, by this server's clock.</param>
/// <param name="Path">The address of the page without its language: <c>/sensors/5</c>.</param>
/// <param name="Query">The query, with its question mark; empty when there is none.</param>
/// <param name="Origin">The address by which the reader knows this server: <c>https://madang.example</c>.</param>
public sealed record Visit(Language Language, Look Look, TimeZoneInfo Zone, DateTimeOffset At, string Path, string Query, string Origin)
{
    /// <summary>Who is signed in; null for most.</summary>
    public SignedIn? Me { get; init; }

    /// <summary>What the reader may do.</summary>
    public Caller Caller { get; init; } = Caller.Nobody;

    /// <summary>What the people are called of whom the page speaks, by <c>person:…</c>; see <see cref="Naming"/>.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Who did or is to do something: the reader is called so, people by their names, whoever else by the opaque id.</summary>
    public string? Say(string? who) => who is null ? null : who == Caller.Id ? Language["alert.you"] : Names.GetValueOrDefault(who, who);

    /// <summary>The same visit, knowing what these people are called; only for pages whose readers may see what they did.</summary>
    public async Task<Visit> Naming(Colleagues colleagues, IEnumerable<string?> who, CancellationToken cancel)
    {
        const string Person = "person:";
        const int Most = 1_000;
        List<string> people = [.. who.OfType<string>().Where(id => id.StartsWith(Person, StringComparison.Ordinal)).Select(id => id[Person.Length..]).Distinct().Take(Most)];
        return people.Count == 0 ? this : this with { Names = (await colleagues.ListNames(people, cancel)).ToDictionary(name => Person + name.Key, name => name.Value) };
    }

    /// <summary>True for who may do something in the house: for everybody with a role that reaches people, departments, providers, keys or the record; and for whom a role sleeps.</summary>
    public bool IsAtWork => Me is not null && (Caller.LacksSecondFactor || ((string[])[Kinds.Person, Kinds.Department, Kinds.Provider, Kinds.Record]).Any(kind => Caller.MaySomewhere(Act.Read, kind) || Caller.MaySomewhere(Act.Manage, kind)));

    /// <summary>The address of this page in its own language.</summary>
    public string Address => Language.Root + Path + Query;

    /// <summary>The address of a page in the reader's language; <paramref name="path"/> begins with a slash.</summary>
    public string To(string path) => Language.Root + path;

    /// <summary>This page's address with some of its query changed; a null value takes a part out.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = QueryHelpers.ParseQuery(Query);
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                query.Remove(name);
            }
            else
            {
                query[name] = value;
            }
        }

        return QueryHelpers.AddQueryString(Language.Root + Path, query.SelectMany(part => part.Value, (part, value) => KeyValuePair.Create(part.Key, (StringValues)value)));
    }

    /// <summary>The same visit of a page that goes by its path and the world alone: what else the address says changes nothing of it, and would only make one page many.</summary>
    internal Visit OfPage(string path, CityData? data) => this with { Path = path, Query = data is { } world ? "?data=" + world.ToWord() : "" };

    /// <summary>Reads it from the request; used by the framework for parameters of handlers.</summary>
    public static ValueTask<Visit?> BindAsync(HttpContext context) => ValueTask.FromResult<Visit?>(Of(context));

    /// <summary>The visit of a request.</summary>
    public static Visit Of(HttpContext context)
    {
        var path = context.Request.Path;
        var english = path.StartsWithSegments("/en", StringComparison.Ordinal, out var rest);
        var services = context.RequestServices;
        return new Visit(
            english ? Language.English : Language.Korean, Look.Of(context.Request), services.GetRequiredService<IOptions<SensingOptions>>().Value.FindZone(),
            services.GetRequiredService<TimeProvider>().GetUtcNow(), (english ? rest : path).ToUriComponent() is { Length: > 0 } own ? own : "/", context.Request.QueryString.Value ?? "", services.GetRequiredService<IOptions<AccountsOptions>>().Value.PublicAddress?.TrimEnd('/') ?? $"{context.Request.Scheme}://{context.Request.Host}")
        {
            Me = SignedIn.Of(context.User), Caller = Caller.Of(context),
        };
    }
}
