using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Madang.Trust;

namespace Madang.Sensing.Ingest;

/// <summary>
/// What one commit tells the record: one entry for each caller and address, with the number of Observations, the range of
/// their ids and a digest over what was stored, in the order of the ids.
/// </summary>
internal sealed class IngestRecord
{
    private readonly Dictionary<(Caller By, IPAddress? From), Share> shares = [];
    private readonly List<RecordEntry> refused = [];

    /// <summary>Adds what was stored of one request.</summary>
    public void Add(IEnumerable<NewObservation> stored, IPAddress? from)
    {
        Share? share = null;
        foreach (var observation in stored)
        {
            share ??= Find(observation.By, from);
            share.Add(observation);
        }
    }

    /// <summary>Notes what a caller may not write; of one request that is one entry, however many Observations it had.</summary>
    public void Refuse(Caller by, IPAddress? from, int count) =>
        refused.Add(Entry(by, from) with { Thing = string.Create(CultureInfo.InvariantCulture, $"({count})"), Result = RecordEntry.Refused });

    public IReadOnlyList<RecordEntry> Entries() =>
        [.. shares.Select(share => Entry(share.Key.By, share.Key.From) with { Thing = share.Value.Range, After = share.Value.Digest() }), .. refused];

    private static RecordEntry Entry(Caller by, IPAddress? from) => by.Entry("observations.write", Act.Write, Kinds.Thing, by.Provider) with { Kind = "Observations", From = CallerAddress.Find(from) };

    private Share Find(Caller by, IPAddress? from) => shares.TryGetValue((by, from), out var known) ? known : shares[(by, from)] = new Share();

    private sealed class Share
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly byte[] row = new byte[40];
        private long first = long.MaxValue, last;
        private int count;

        public string Range => string.Create(CultureInfo.InvariantCulture, $"{first}..{last} ({count})");

        public void Add(NewObservation observation)
        {
            (first, last, count) = (Math.Min(first, observation.Id), Math.Max(last, observation.Id), count + 1);
            BinaryPrimitives.WriteInt64BigEndian(row, observation.Id);
            BinaryPrimitives.WriteInt64BigEndian(row.AsSpan(8), observation.Datastream);
            BinaryPrimitives.WriteInt64BigEndian(row.AsSpan(16), observation.Start);
            BinaryPrimitives.WriteInt64BigEndian(row.AsSpan(24), (long)observation.Result.Kind);
            BinaryPrimitives.WriteDoubleBigEndian(row.AsSpan(32), observation.Result.Number ?? 0);
            hash.AppendData(row);
            if (observation.Result.Text is { } text)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(text));
            }
        }

        public ReadOnlyMemory<byte> Digest()
        {
            using (hash)
            {
                return hash.GetHashAndReset();
            }
        }
    }
}
