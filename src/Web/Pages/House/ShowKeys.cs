using System.Globalization;
using Madang.Kernel;
using Madang.Trust;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.House;

/// <summary><c>/house/keys</c>: the keys of devices and applications.</summary>
internal static class ShowKeys
{
    /// <summary>What is chosen for a key that is no provider's.</summary>
    internal const string WholeCity = "city";

    private const string Path = "/house/keys";

    internal static async Task<IResult> List(
        Visit visit, DeviceKeys keys, Providers providers, [FromQuery] string? provider, [FromQuery] string? state, [FromQuery] string? done, CancellationToken cancel)
    {
        var ended = state == "ended";
        var all = await keys.ListManaged(ended, cancel);
        long? chosen = long.TryParse(provider, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        return new RazorComponentResult<KeysPage>(new { Visit = visit, Keys = chosen is null ? all : [.. all.Where(key => key.Provider == chosen)], IsFull = all.Count == DeviceKeys.MostListed, Ended = ended, Provider = chosen, Providers = providers.List(), Done = HouseForm.Words(visit, "keys", done) });
    }

    internal static IResult New(Visit visit, Providers providers, [FromQuery] string? provider) => HouseForm.AskProof(visit, visit.Path + visit.Query) ?? Form(visit, providers, Filled.Empty, provider);

    internal static async Task<IResult> Make(Visit visit, IFormCollection form, DeviceKeys keys, Providers providers, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var made = await keys.Make(
                    filled["name"], filled["provider"] == WholeCity ? null : filled.Number("provider") ?? throw new InvalidInputException("provider", "is required"), filled.All("scopes"), (int)(filled.Number("perSecond") ?? 0), (int)(filled.Number("perDay") ?? 0), filled.EndOfDay("expiresAt", visit.Zone), cancel);
                return new RazorComponentResult<KeySecretPage>(new { Visit = visit, Made = made });
            },
            wrong => Task.FromResult<IResult>(Form(visit, providers, wrong, wrong["provider"])));
    }

    internal static IResult AskRotate(Visit visit, string id, DeviceKeys keys)
    {
        var key = keys.Get(id);
        return HouseForm.AskProof(visit, visit.Path) ?? RotatePage(visit, key, Filled.Empty);
    }

    internal static async Task<IResult> Rotate(Visit visit, string id, IFormCollection form, DeviceKeys keys, CancellationToken cancel)
    {
        var filled = new Filled(form);
        return HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
            visit, filled,
            async () =>
            {
                var days = filled.Number("overlapHours") ?? throw new InvalidInputException("overlapHours", "is required");
                return new RazorComponentResult<KeySecretPage>(new { Visit = visit, Made = await keys.Rotate(id, TimeSpan.FromDays(Math.Min(days, 1000)), cancel) });
            },
            wrong => Task.FromResult<IResult>(RotatePage(visit, keys.Get(id), wrong)));
    }

    internal static IResult AskRevoke(Visit visit, string id, DeviceKeys keys)
    {
        var key = keys.Get(id);
        return HouseForm.AskProof(visit, visit.Path) ?? RevokePage(visit, key, Filled.Empty);
    }

    internal static async Task<IResult> Revoke(Visit visit, string id, DeviceKeys keys, CancellationToken cancel) => HouseForm.AskProof(visit, visit.Path) ?? await HouseForm.Try(
        visit, Filled.Empty,
        async () =>
        {
            await keys.Revoke(id, cancel);
            return HouseForm.Done(visit, Path, "revoked");
        },
        wrong => Task.FromResult<IResult>(RevokePage(visit, keys.Get(id), wrong)));

    private static RazorComponentResult<KeyFormPage> Form(Visit visit, Providers providers, Filled filled, string? provider) =>
        new(new { Visit = visit, All = providers.List(), Filled = filled, Provider = provider }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<KeyRotatePage> RotatePage(Visit visit, DeviceKey key, Filled filled) => new(new { Visit = visit, Key = key, Filled = filled }) { StatusCode = HouseForm.StatusOf(filled) };

    private static RazorComponentResult<ActPage> RevokePage(Visit visit, DeviceKey key, Filled filled) =>
        new(new { Visit = visit, Act = "key-revoke", Subject = $"{key.Name} ({key.Id})", To = $"{Path}/{key.Id}/revoke", Back = Path, BackWords = visit.Language["house.menu.keys"], Filled = filled }) { StatusCode = HouseForm.StatusOf(filled) };
}
