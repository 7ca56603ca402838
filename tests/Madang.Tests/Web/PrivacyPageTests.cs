using System.Net;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Trust.Accounts;
using Madang.Trust;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Web;

public sealed class PrivacyPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/privacy", "개인정보 처리방침")]
    [InlineData("/en/privacy", "Privacy policy")]
    public async Task The_policy_says_all_that_is_declared(string address, string title)
    {
        await using var city = await TestCity.Start(Engine.Sqlite);

        var page = WebUtility.HtmlDecode(await city.Client.GetStringAsync(address, Cancel));

        Assert.Contains($"<h1>{title}</h1>", page, StringComparison.Ordinal);
        Assert.Contains("data-notice=\"unnamed\"", page, StringComparison.Ordinal);
        var korean = !address.StartsWith("/en", StringComparison.Ordinal);
        Assert.All(city.Services.GetRequiredService<PersonalInventory>().Columns, column => Assert.All(
            (Wording[])[column.Item, column.Purpose.Text, column.Retention.Text], words => Assert.Contains(korean ? words.Korean : words.English, page, StringComparison.Ordinal)));
        Assert.Contains(korean ? "길어도 12시간 (60분" : "12 hours at most (60 minutes", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_answers_for_it_and_how_long_sessions_live_is_what_is_set()
    {
        await using var city = await TestCity.Start(Engine.Sqlite, settings =>
        {
            (settings["Privacy:Controller"], settings["Privacy:Officer"], settings["Privacy:Contact"]) = ("시험시", "홍길동 정보보호과장", "02-0000-0000");
            (settings["Privacy:Effective"], settings["Privacy:BackupDays"], settings["Accounts:SessionHours"]) = ("2026-12-01", "45", "8");
        });

        var page = WebUtility.HtmlDecode(await city.Client.GetStringAsync("/privacy", Cancel));

        Assert.DoesNotContain("data-notice", page, StringComparison.Ordinal);
        Assert.All((string[])["시험시", "홍길동 정보보호과장", "02-0000-0000", "2026-12-01", "길어도 45일", "길어도 8시간"], said => Assert.Contains(said, page, StringComparison.Ordinal));
        Assert.Contains("\"backupDays\":45", await city.Client.GetStringAsync("/api/privacy", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cookie_that_is_set_is_named()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        await Visitor.AddPerson(city);
        var kim = new Visitor(city);
        var set = new HashSet<string>();
        await kim.SignIn();
        set.UnionWith(kim.Cookies.Keys);
        await kim.Post("/look", new() { ["mode"] = "dark", ["size"] = "medium" });
        set.UnionWith(kim.Cookies.Keys);
        var lee = new Visitor(city);
        await lee.Get("/signin");
        await lee.Post("/signin/passkey/options");
        set.UnionWith(lee.Cookies.Keys);
        await kim.Get("/privacy");

        Assert.Superset(new HashSet<string> { "madang", "madang-look", "madang-form", "madang-step" }, set);
        Assert.All(set, name => Assert.Contains($"<code>{name}</code>", kim.Page, StringComparison.Ordinal));
    }
}
