using System.Net;
using System.Text.RegularExpressions;
using Madang.Tests.Hosts;
using Madang.Trust.Accounts.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Trust.Accounts;

/// <summary>Somebody with a browser: keeps cookies, sends forms with the token of the page they stand on, follows nothing by itself.</summary>
public sealed class Visitor(TestCity city, string address = "http://localhost")
{
    public const string Password = "넓은 마당에 달빛이 가득한 밤";

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>The last Set-Cookie headers.</summary>
    public IReadOnlyList<string> Set { get; private set; } = [];

    public string Page { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A city where this person has an account.</summary>
    public static async Task AddPerson(TestCity city, string name = "kim@city.example", string? role = null)
    {
        await using var scope = city.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var person = new Person { UserName = name, Email = name.Contains('@', StringComparison.Ordinal) ? name : null, EmailConfirmed = true, Name = "김마당", Made = 1, PasswordChanged = 1, StartingRole = role };
        person.PasswordHash = people.PasswordHasher.HashPassword(person, Password);
        Assert.True((await people.CreateAsync(person)).Succeeded);
    }

    /// <summary>Gives the person of this name a role, as the city itself does.</summary>
    public static async Task<string> GiveRole(TestCity city, string role, long? department = null, string name = "kim@city.example")
    {
        var id = await FindId(city, name);
        await city.Services.GetRequiredService<Madang.Trust.Grants>().Store(id, role, department, "시험", null, "test", Cancel);
        return id;
    }

    public static async Task<string> FindId(TestCity city, string name = "kim@city.example")
    {
        await using var scope = city.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().FindByNameAsync(name))!.Id;
    }

    public async Task<HttpResponseMessage> Get(string path, Action<HttpRequestMessage>? adjust = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        adjust?.Invoke(request);
        var answer = await Send(request);
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            Page = await answer.Content.ReadAsStringAsync(Cancel);
        }

        return answer;
    }

    /// <summary>Sends a form; with the token of the last page unless the test brings its own.</summary>
    public async Task<HttpResponseMessage> Post(string path, Dictionary<string, string>? fields = null, Action<HttpRequestMessage>? adjust = null)
    {
        var form = new Dictionary<string, string>(fields ?? []);
        form.TryAdd("token-of-form", WebUtility.HtmlDecode(Regex.Match(Page, "name=\"token-of-form\" value=\"([^\"]+)\"").Groups[1].Value));
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        adjust?.Invoke(request);
        var answer = await Send(request);
        if (answer.Content.Headers.ContentType?.MediaType == "text/html")
        {
            Page = await answer.Content.ReadAsStringAsync(Cancel);
        }

        return answer;
    }

    public async Task<HttpResponseMessage> SignIn(string name = "kim@city.example", string password = Password, string? back = null)
    {
        await Get("/signin");
        var fields = new Dictionary<string, string> { ["name"] = name, ["password"] = password };
        if (back is not null)
        {
            fields["return"] = back;
        }

        return await Post("/signin", fields);
    }

    /// <summary>Waits for the letter with this link and answers the link.</summary>
    public static async Task<string> FindLink(TestCity city, string path)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var folder = Path.Combine(city.Store.Folder, "mail");
            foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : [])
            {
                if (Regex.Match(await File.ReadAllTextAsync(file, Cancel), $@"http://\S+?({Regex.Escape(path)}\S*)") is { Success: true } match)
                {
                    File.Delete(file);
                    return match.Groups[1].Value;
                }
            }

            Assert.True(TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromSeconds(10), $"no letter with {path}");
            await Task.Delay(20, Cancel);
        }
    }

    private async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        using var client = new HttpClient(city.Server.CreateHandler()) { BaseAddress = new Uri(address) };
        var answer = await client.SendAsync(request, Cancel);
        Set = answer.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : [];
        foreach (var cookie in Set)
        {
            var (name, value) = (cookie[..cookie.IndexOf('=', StringComparison.Ordinal)], cookie[(cookie.IndexOf('=', StringComparison.Ordinal) + 1)..].Split(';')[0]);
            if (value.Length == 0)
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }

        return answer;
    }
}
