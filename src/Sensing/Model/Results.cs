using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;
using Madang.Kernel;

namespace Madang.Sensing.Model;

/// <summary>What an Observation's result is; the numbers lie in the store.</summary>
internal enum ResultKind
{
    Null = 0,
    Number = 1,
    Text = 2,
    Truth = 3,
    Json = 4,

    /// <summary>The values of a MultiDatastream's Observation: a JSON array with one for each of its ObservedProperties.</summary>
    Parts = 5,
}

/// <summary>A result as it is stored: kind, number, text.</summary>
internal readonly record struct Result(ResultKind Kind, double? Number, string? Text);

/// <summary>Results in and out, so that each comes back as it went in: a number keeps its spelling where it is not the shortest one.</summary>
internal static class Results
{
    /// <summary>The greatest number of a result: a hundred million of them can be summed up in 64 bits.</summary>
    private const double Most = 1e300;

    public static Result Read(JsonElement json, string field)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                return new(ResultKind.Null, null, null);
            case JsonValueKind.True or JsonValueKind.False:
                return new(ResultKind.Truth, json.GetBoolean() ? 1 : 0, null);
            case JsonValueKind.String:
                return new(ResultKind.Text, null, Json.Text(json, field));
            case JsonValueKind.Number:
                return json.TryGetDouble(out var number) && Math.Abs(number) <= Most
                    ? new(ResultKind.Number, number, IsShortest(number, JsonMarshal.GetRawUtf8Value(json)) ? null : json.GetRawText())
                    : throw new InvalidInputException(field, $"{json.GetRawText()} is beyond ±1e300, the greatest number that can be summed up");
            default:
                return new(ResultKind.Json, null, Json.Raw(json, field));
        }
    }

    /// <summary>The result of a MultiDatastream's Observation. That there are as many values as it has ObservedProperties is judged where it is stored.</summary>
    public static Result ReadParts(JsonElement json, string field) => new(ResultKind.Parts, null, Json.Array(json, field));

    /// <summary>What a value of such a result is.</summary>
    public static ResultKind KindOf(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Null => ResultKind.Null,
        JsonValueKind.True or JsonValueKind.False => ResultKind.Truth,
        JsonValueKind.String => ResultKind.Text,
        JsonValueKind.Number => ResultKind.Number,
        _ => ResultKind.Json,
    };

    public static void Write(Utf8JsonWriter json, int kind, double? number, string? text)
    {
        switch ((ResultKind)kind)
        {
            case ResultKind.Number when text is null:
                json.WriteNumberValue(number!.Value);
                break;
            case ResultKind.Number or ResultKind.Json or ResultKind.Parts:
                json.WriteRawValue(text!, skipInputValidation: true);
                break;
            case ResultKind.Text:
                json.WriteStringValue(text);
                break;
            case ResultKind.Truth:
                json.WriteBooleanValue(number == 1);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static bool IsShortest(double number, ReadOnlySpan<byte> raw)
    {
        if (number == 0 && raw.Length > 1)
        {
            // A store may keep -0 as 0.
            return false;
        }

        Span<byte> shortest = stackalloc byte[40];
        return Utf8Formatter.TryFormat(number, shortest, out var length) && raw.SequenceEqual(shortest[..length]);
    }
}
