using System.Net;
using Madang.Kernel;
using Madang.Storage;
using Madang.Trust.Record.Log;

namespace Madang.Trust.Record.Audit;

/// <summary>Where a log is read from: a folder, or a server's address.</summary>
internal sealed class LogSource : IDisposable
{
    private readonly HttpClient? client;

    private LogSource(string name, TileReader reader, HttpClient? client) => (Name, Reader, this.client) = (name, reader, client);

    public string Name { get; }

    public TileReader Reader { get; }

    public static LogSource Open(AuditRequest request)
    {
        if (Uri.TryCreate(request.Tiles, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            var client = new HttpClient { BaseAddress = new Uri(address.ToString().TrimEnd('/') + "/") };
            return new LogSource(request.Tiles!, new TileReader(path => Fetch(client, path)), client);
        }

        var folder = request.Tiles ?? RecordPlace.Of(new TrustOptions(), new StorageOptions { Data = request.Data ?? "data", Postgres = request.Postgres }).Folder;
        return Directory.Exists(folder)
            ? new LogSource(folder, new TileFolder(folder).Reader, null)
            : throw new InvalidInputException(request.Tiles is null ? "--data" : "--tiles", $"there is no log in '{Path.GetFullPath(folder)}'");
    }

    public void Dispose() => client?.Dispose();

    private static byte[]? Fetch(HttpClient client, string path)
    {
        try
        {
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, path));
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }

            using var bytes = new MemoryStream();
            answer.EnsureSuccessStatusCode().Content.ReadAsStream().CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (HttpRequestException exception)
        {
            throw new InvalidInputException("--tiles", $"{client.BaseAddress}{path}: {exception.Message}");
        }
    }
}
