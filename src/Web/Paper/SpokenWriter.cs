using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace Madang.Web.Paper;

/// <summary>Says in a document's catalogue in which language it is and that its title is to be shown (ISO 32000-1, 7.7.2), so that it is read aloud rightly.</summary>
internal sealed class SpokenWriter(string language) : ITokenWriter
{
    private readonly TokenWriter inner = new();

    public bool WritingPageContents
    {
        get => inner.WritingPageContents;
        set => inner.WritingPageContents = value;
    }

    public void WriteToken(IToken token, Stream outputStream) => inner.WriteToken(
        token switch
        {
            ObjectToken whole when Spoken(whole.Data) is { } catalogue => new ObjectToken(whole.Position, whole.Number, catalogue),
            _ => Spoken(token) ?? token,
        },
        outputStream);

    public void WriteObject(long objectNumber, int generation, byte[] data, Stream outputStream) => inner.WriteObject(objectNumber, generation, data, outputStream);

    public void WriteCrossReferenceTable(IReadOnlyDictionary<IndirectReference, long> objectOffsets, IndirectReference catalogToken, Stream outputStream, IndirectReference? documentInformationReference, long? startXrefOffset = null) =>
        inner.WriteCrossReferenceTable(objectOffsets, catalogToken, outputStream, documentInformationReference, startXrefOffset);

    private DictionaryToken? Spoken(IToken token) =>
        token is DictionaryToken dictionary && dictionary.TryGet(NameToken.Type, out NameToken type) && type == NameToken.Catalog
            ? dictionary.With(NameToken.Create("Lang"), new StringToken(language)).With(NameToken.Create("ViewerPreferences"), new DictionaryToken(new Dictionary<NameToken, IToken> { [NameToken.Create("DisplayDocTitle")] = BooleanToken.True }))
            : null;
}
