using System.Net;
using System.Text;
using Madang.Storage;
using Madang.Tests.Hosts;
using Madang.Tests.Operations.Incidents;
using Madang.Tests.Operations.Rules;
using Madang.Tests.Trust.Accounts;
using Madang.Web.Paper;
using Microsoft.Extensions.DependencyInjection;
using UglyToad.PdfPig;

namespace Madang.Tests.Web;

/// <summary>The after-action report as a PDF, read back by a parser of PDF.</summary>
public sealed class ReportPaperTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothEngines]
    public async Task The_report_of_an_incident_can_be_taken_away_as_a_PDF_with_its_Korean_words(Engine engine)
    {
        NeedFont();
        await using var sta = await AlertScene.Open(engine);
        var id = await sta.OpenIncident(""", "data": "simulated", "longitude": 126.977, "latitude": 37.57, "place": "세종로 1", "severity": "severe" """);
        await sta.Act(id, "orders", """{ "to": "구조대", "text": "3층 수색" }""", HttpStatusCode.Created);
        await sta.Act(id, "notes", """{ "note": "연기가 줄었습니다. 농도 38㎍/㎥, 뷁 갂 漢字 🔥 <b>" }""");
        await sta.Post("/api/scenarios/large-fire/start", $$"""{ "stage": "respond", "incident": {{id}}, "data": "simulated" }""");
        sta.Advance(45);

        using var answer = await sta.City.Client.GetAsync($"/incidents/{id}/report.pdf", Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/pdf", "attachment"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.DispositionType));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var file = await answer.Content.ReadAsByteArrayAsync(Cancel);
        using var document = PdfDocument.Open(file);
        Assert.Equal("사후 보고서: 시장 골목 화재", document.Information.Title);
        Assert.Contains("ko-KR", document.Structure.Catalog.CatalogDictionary.ToString(), StringComparison.Ordinal);
        var text = Text(document);
        foreach (var expected in (string[])["사후 보고서: 시장 골목 화재", "모의 데이터", "종로구", "세종로 1", "신고 접수부터 현장 도착까지", "구조대", "3층 수색", "연기가 줄었습니다. 농도 38μg/m³, 뷁", "<b>", "그때 알고 있던 것", "늦은 과제", "대형 화재 대응"])
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        using var english = PdfDocument.Open(await sta.City.Client.GetByteArrayAsync($"/en/incidents/{id}/report.pdf", Cancel));
        Assert.Contains("en-GB", english.Structure.Catalog.CatalogDictionary.ToString(), StringComparison.Ordinal);
        Assert.Contains("Page 1 of ", Text(english), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await sta.City.Client.GetAsync("/incidents/99/report.pdf", Cancel)).StatusCode);
    }

    [Fact]
    public async Task When_few_wait_already_the_next_is_asked_to_come_again()
    {
        NeedFont();
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        var id = await sta.OpenIncident(""", "data": "simulated" """);
        var paper = sta.City.Services.GetRequiredService<IncidentPaper>();
        using (var printing = await paper.Turn(Cancel))
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var waiting = Enumerable.Range(0, IncidentPaper.MostWaiting).Select(_ => paper.Turn(gone.Token)).ToList();
            using var answer = await sta.City.Client.GetAsync($"/incidents/{id}/report.pdf", Cancel);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (answer.StatusCode, answer.Headers.RetryAfter?.Delta));
            await gone.CancelAsync();
            foreach (var wait in waiting)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await sta.City.Client.GetAsync($"/incidents/{id}/report.pdf", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Who_may_not_read_incidents_gets_no_PDF()
    {
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        await sta.OpenIncident();
        await Visitor.AddPerson(sta.City);
        var kim = new Visitor(sta.City);
        await kim.SignIn();
        Assert.Equal(HttpStatusCode.Forbidden, (await kim.Get("/incidents/1/report.pdf")).StatusCode);
    }

    [Fact]
    public async Task A_long_log_fills_many_sheets_each_with_head_mark_and_number()
    {
        NeedFont();
        await using var sta = await AlertScene.Open(Engine.Sqlite);
        var id = await sta.OpenIncident(""", "data": "simulated" """);
        for (var i = 0; i < 300; i++)
        {
            await sta.Act(id, "notes", $$"""{ "note": "현장 {{i}}: 소방차 3대가 남쪽 골목으로 들어가 2층에서 번지는 불을 막고 있으며, 주민 12명이 북쪽 공원으로 옮겨 갔습니다. 바람은 북서풍입니다." }""");
        }

        var since = TimeProvider.System.GetTimestamp();
        var file = await sta.City.Client.GetByteArrayAsync($"/incidents/{id}/report.pdf", Cancel);
        TestContext.Current.SendDiagnosticMessage($"{file.Length} bytes in {TimeProvider.System.GetElapsedTime(since).TotalMilliseconds:0} ms");
        using var document = PdfDocument.Open(file);
        Assert.InRange(document.NumberOfPages, 10, 30);
        Assert.True(file.Length < 500_000, $"{file.Length} bytes");
        for (var page = 1; page <= document.NumberOfPages; page++)
        {
            var text = document.GetPage(page).Text;
            Assert.Contains("모의 데이터 · 마당에서", text, StringComparison.Ordinal);
            Assert.Contains($"{page} / {document.NumberOfPages}쪽", text, StringComparison.Ordinal);
            Assert.True(page is 1 || page == document.NumberOfPages || text.StartsWith("시각내용누가", StringComparison.Ordinal), text[..40]);
            Assert.All(document.GetPage(page).Letters, letter => Assert.InRange(letter.Location.X, 50, 545));
        }

        Assert.Contains("현장 299: 소방차", Text(document), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_end_between_words_and_a_long_word_is_cut()
    {
        var face = NeedFont();
        var lines = Sheets.Break(face, "한 줄에 다 들어가지 않는 긴 글은 낱말 사이에서 나뉩니다 https://city.example/a-very-long-address-without-any-blank-in-it\n끝", 10, 120);
        Assert.All(lines, line => Assert.InRange(face.Width(line, 10), 0, 120));
        Assert.Equal("끝", lines[^1]);
        Assert.Equal("한줄에다들어가지않는긴글은낱말사이에서나뉩니다https://city.example/a-very-long-address-without-any-blank-in-it끝", string.Concat(lines).Replace(" ", "", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => WoffFile.Unpack(Encoding.ASCII.GetBytes("this is no font at all, whatever it says of itself")));
    }

    private static Typeface NeedFont()
    {
        var face = Typeface.Find("regular");
        Assert.SkipWhen(face is null, "The pages' font is not here: `npm ci` in src/Web was not run before the build.");
        return face!;
    }

    private static string Text(PdfDocument document) => string.Concat(document.GetPages().Select(page => page.Text));
}
