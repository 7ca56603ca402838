using System.Text.Json;
using System.Text.Json.Serialization;
using Madang.Kernel;

namespace Madang.Sensing;

/// <summary>Observations were stored. One fact a commit and partition; facts of one Datastream arrive in order.</summary>
/// <param name="Readings">What was stored, by Datastream.</param>
public sealed record ObservationsStored(IReadOnlyList<StoredReadings> Readings) : IFact;

/// <summary>The Observations of one Datastream in one commit.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="First">The earliest start of their phenomenon times.</param>
/// <param name="Last">The latest start of their phenomenon times.</param>
/// <param name="Count">How many Observations.</param>
/// <param name="LastNumber">The result at <paramref name="Last"/> when it is a number, else null.</param>
public sealed record StoredReadings(long Datastream, DateTimeOffset First, DateTimeOffset Last, int Count, double? LastNumber)
{
    /// <summary>The smallest of their ids.</summary>
    public long FirstId { get; init; }

    /// <summary>The greatest of their ids.</summary>
    public long LastId { get; init; }

    /// <summary>So many are told with the fact; of more only how many there are.</summary>
    public const int MostTold = 16;

    /// <summary>Each of them in order of time, and of id where the time is the same. Empty for a single one, which <see cref="Last"/> and <see cref="LastNumber"/> tell, and for more than <see cref="MostTold"/>, which are read from the store.</summary>
    public IReadOnlyList<ToldReading> Told { get; init; } = [];
}

/// <summary>An Observation as a fact tells it.</summary>
/// <param name="At">The start of its phenomenon time.</param>
/// <param name="Number">The result when it is a number, else null.</param>
[JsonConverter(typeof(ToldReadingJson))]
public readonly record struct ToldReading(DateTimeOffset At, double? Number);

/// <summary>In a fact as <c>[microseconds since 1970, number]</c>: a busy city tells thousands a second.</summary>
internal sealed class ToldReadingJson : JsonConverter<ToldReading>
{
    public override ToldReading Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        reader.Read();
        var at = reader.GetInt64();
        reader.Read();
        double? number = reader.TokenType == JsonTokenType.Null ? null : reader.GetDouble();
        reader.Read();
        return new ToldReading(IsoTime.FromMicros(at), number);
    }

    public override void Write(Utf8JsonWriter writer, ToldReading value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(value.At.ToMicros());
        if (value.Number is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndArray();
    }
}

/// <summary>Observations of a Datastream were changed or deleted: what one made of them is to be made again.</summary>
/// <param name="Datastream">Its <c>@iot.id</c>.</param>
/// <param name="From">The earliest start of their phenomenon times, before or after the change.</param>
public sealed record ObservationsChanged(long Datastream, DateTimeOffset From) : IFact
{
    /// <summary>Facts of one Datastream arrive in order, also with those of what was stored.</summary>
    internal string Key => Datastream.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Things, Locations, Datastreams or ObservedProperties were made, changed or deleted, or a change or deletion of Observations changed the last reading of a Datastream: what one remembers of them is old.</summary>
/// <param name="EntitySet">The entity set of the change, <c>Things</c> for instance.</param>
/// <param name="Id">The entity's <c>@iot.id</c>.</param>
public sealed record StationsChanged(string EntitySet, long Id) : IFact;
