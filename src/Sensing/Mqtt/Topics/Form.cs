using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Madang.Sensing.Http;
using Madang.Sensing.Ingest;
using Madang.Sensing.Model;
using Madang.Sensing.Query;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>
/// One way to write an entity of a set: as a profile has it, whole, some properties of it, or one. Made once for all topics
/// that want it so; the last thing written is kept, so that all subscribers get the same bytes. Only the notifier writes.
/// </summary>
internal sealed class Form
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly EntityJson entities;
    private readonly Property? property;
    private object? lastSource;
    private byte[] lastPayload = [];

    public Form(Profile profile, EntitySet set, IReadOnlyList<string>? select, Property? property, string linkRoot)
    {
        this.property = property;
        Options = new QueryOptions { Select = property is not null ? [property.Name] : select };
        Set = profile.Of(set);
        Shape = new RowShape(Set, Options);
        entities = new EntityJson(linkRoot + profile.Root);
    }

    public EntitySet Set { get; }

    public QueryOptions Options { get; }

    public RowShape Shape { get; }

    /// <summary>A new Observation; nothing is read for it.</summary>
    public byte[] Write(NewObservation observation) =>
        ReferenceEquals(observation, lastSource) ? lastPayload : Keep(observation, Shape.Make(observation.Id, column => PostObservation.Value(observation, observation.Id, column)));

    /// <summary>An entity as read in this shape.</summary>
    public byte[] Write(EntityRow row) => ReferenceEquals(row, lastSource) ? lastPayload : Keep(row, row);

    private byte[] Keep(object source, EntityRow row)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body, Written))
        {
            if (property is null)
            {
                entities.WriteEntity(json, Shape, row, Options);
            }
            else
            {
                json.WriteStartObject();
                json.WritePropertyName(property.Kind == PropertyKind.Id ? "@iot.id" : property.Name);
                Shape.WriteValue(json, property, row, Shape.ValueOf(property, row));
                json.WriteEndObject();
            }
        }

        (lastSource, lastPayload) = (source, body.WrittenSpan.ToArray());
        return lastPayload;
    }
}
