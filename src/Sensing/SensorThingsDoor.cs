using Madang.Kernel;
using Madang.Sensing.Batch;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Madang.Sensing;

/// <summary>
/// Reads an address of SensorThings for a page that shows what the door answers: through the server's own layers, as a
/// request of a batch goes, so that rights, limits and record are those of whoever asks for the page. It asks nobody else.
/// </summary>
public sealed class SensorThingsDoor
{
    /// <summary>So much of an answer is kept, in bytes; what is longer is counted and not held.</summary>
    public const int MostKept = 256 * 1024;

    /// <summary>The longest address, in characters.</summary>
    public const int LongestAddress = 4_000;

    /// <summary>An answer is waited for so long. The store has a limit of its own (<c>Storage:QueryLimitSeconds</c>).</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly InnerRequests requests;
    private readonly Wire wire;
    private readonly TimeProvider clock;

    internal SensorThingsDoor(InnerRequests requests, Wire wire, TimeProvider clock) => (this.requests, this.wire, this.clock) = (requests, wire, clock);

    /// <summary>The path below which an address lies: that of the profile it names, else that of SensorThings 1.1.</summary>
    public static string RootOf(string address) => ProfileOf(address).Root;

    /// <summary>Reads what lies at an address: <c>Things?$top=5</c>, <c>/sta/v1.1/Things</c>, or a whole one of this server.</summary>
    /// <param name="asked">The request that asks; its caller is the one who reads.</param>
    /// <param name="address">The set and its options.</param>
    /// <exception cref="InvalidInputException">It is no address of a read.</exception>
    public async Task<SensorThingsAnswer> Read(HttpContext asked, string address)
    {
        if (address.Length > LongestAddress)
        {
            throw new InvalidInputException("q", $"has more than {LongestAddress} characters");
        }

        var request = new BatchRequest(null, HttpMethods.Get, address, new Dictionary<string, string>(), default).Resolve(ProfileOf(address), new Dictionary<string, string>(), whole => wire.IsOurs(asked.Request, whole), "q");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(asked.RequestAborted);
        ended.CancelAfter(Patience);
        await using var body = new FirstBytes(MostKept);
        var began = clock.GetTimestamp();
        var (status, headers) = await requests.Run(asked, request, null, body, ended.Token);
        asked.RequestAborted.ThrowIfCancellationRequested();
        var late = ended.IsCancellationRequested;
        return new SensorThingsAnswer(
            request.Path.ToUriComponent() + request.Query.ToUriComponent(), late ? StatusCodes.Status504GatewayTimeout : status, ReasonPhrases.GetReasonPhrase(late ? StatusCodes.Status504GatewayTimeout : status),
            headers.ContentType, body.Kept, body.Written, clock.GetElapsedTime(began))
        {
            NextInHeader = headers.Link.ToString() is ['<', ..] link && link.Contains("rel=\"next\"", StringComparison.Ordinal) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null,
        };
    }

    private static Profile ProfileOf(string address) =>
        Profile.All.FirstOrDefault(profile => profile != Profile.V11 && (address.Contains(profile.Root + "/", StringComparison.Ordinal) || address.EndsWith(profile.Root, StringComparison.Ordinal))) ?? Profile.V11;
}

/// <summary>What the door of SensorThings answered.</summary>
/// <param name="Address">The path and query it was asked at, as they go over the wire.</param>
/// <param name="Status">The HTTP status; 504 when the page did not wait for the end.</param>
/// <param name="Phrase">What that status is called.</param>
/// <param name="Type">The type of the content; null when there is none.</param>
/// <param name="Kept">The beginning of the content, at most <see cref="SensorThingsDoor.MostKept"/> bytes.</param>
/// <param name="Size">How long the content is, in bytes.</param>
/// <param name="Took">How long the answer took.</param>
public sealed record SensorThingsAnswer(string Address, int Status, string Phrase, string? Type, ReadOnlyMemory<byte> Kept, long Size, TimeSpan Took)
{
    /// <summary>True when all of the content is kept.</summary>
    public bool IsWhole => Size == Kept.Length;

    /// <summary>The address of the next page where it stands in a header and not in the content.</summary>
    public string? NextInHeader { get; init; }
}
