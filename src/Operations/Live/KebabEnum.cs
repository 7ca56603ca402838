using System.Text.Json;
using System.Text.Json.Serialization;

namespace Madang.Operations.Live;

/// <summary>Writes an enum as small words with hyphens: <c>very-bad</c>.</summary>
internal sealed class KebabEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
