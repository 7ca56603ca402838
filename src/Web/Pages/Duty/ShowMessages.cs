using System.Globalization;
using Madang.Kernel;
using Madang.Operations;
using Madang.Trust;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Madang.Web.Pages.Duty;

/// <summary><c>/duty/messages</c>: who was told what and when, what could not be told, and whom to tell. To tell somebody outside takes a fresh proof.</summary>
internal static class ShowMessages
{
    private const string Path = "/duty/messages";

    internal static Task<IResult> Show(Visit visit, MessageDesk desk, ContactDesk contacts, RuleBook book, Colleagues colleagues, [FromQuery] string? state, [FromQuery] string? before, [FromQuery] string? done, CancellationToken cancel) =>
        Page(visit, desk, contacts, book, colleagues, state, long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, Filled.Empty, DutyForm.Done(visit, done), null, cancel);

    internal static async Task<IResult> Act(Visit visit, IFormCollection form, MessageDesk desk, ContactDesk contacts, RuleBook book, Colleagues colleagues, CancellationToken cancel)
    {
        var filled = new Filled(form);
        var act = filled["act"];
        if (act is "contact" or "uncontact" && HouseForm.AskProof(visit, Path) is { } proof)
        {
            return proof;
        }

        return await DutyForm.Try(
            visit, filled,
            async () =>
            {
                if (act == "contact" && await contacts.Make(Contact(visit, filled), cancel) is { Secret: { } secret })
                {
                    return await Page(visit, desk, contacts, book, colleagues, null, null, Filled.Empty, visit.Language["duty.done.contact"], secret, cancel);
                }

                await (act switch
                {
                    "contact" => Task.CompletedTask,
                    "retry" => desk.Retry(filled.Number("message") ?? 0, cancel),
                    "uncontact" => contacts.Delete(filled.Number("contact") ?? 0, cancel),
                    _ => throw new InvalidInputException("act", "is retry, contact or uncontact"),
                });
                return DutyForm.Back(visit, Path, act!);
            },
            wrong => Page(visit, desk, contacts, book, colleagues, null, null, wrong, null, null, cancel));
    }

    private static ContactForm Contact(Visit visit, Filled filled)
    {
        var isMine = filled["mine"] == "true";
        return new ContactForm
        {
            Name = filled["name"] ?? "", Person = isMine ? DutyForm.Me(visit) : null, Email = isMine ? null : filled["email"], Phone = filled["phone"], Url = isMine ? null : filled["url"],
            Language = filled["language"] ?? visit.Language.Code, Rules = isMine ? [] : DutyForm.Words(filled, "rules"), QuietFrom = DutyForm.Time(filled, "quietFrom"), QuietUntil = DutyForm.Time(filled, "quietUntil"),
        };
    }

    private static async Task<IResult> Page(
        Visit visit, MessageDesk desk, ContactDesk contacts, RuleBook book, Colleagues colleagues, string? state, long? before, Filled filled, string? done, string? secret, CancellationToken cancel)
    {
        MessageState? asked = state switch { "waiting" => MessageState.Waiting, "sent" => MessageState.Sent, "failed" => MessageState.Failed, "superseded" => MessageState.Superseded, _ => null };
        var told = await desk.List(new MessageQuery { State = asked, Before = before, Top = MessagesView.Top }, cancel);
        var view = new MessagesView(
            await visit.Naming(colleagues, told.Select(message => message.Recipient), cancel), told, asked is null ? null : state, await desk.CountFailed(cancel), await contacts.List(cancel), await DutyForm.Rules(book, cancel), filled)
        {
            Done = done, Secret = secret,
        };
        return new RazorComponentResult<MessagesPage>(new { View = view }) { StatusCode = HouseForm.StatusOf(filled) };
    }
}
