using System.Text.Json;
using System.Text.Json.Serialization;
using Madang.Kernel;

namespace Madang.Operations.Rules;

/// <summary>How rules are written as JSON, and read: a member that is not known, missing, null or of another type is named.</summary>
internal static class RuleForm
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowOutOfOrderMetadataProperties = true,
    };

    /// <exception cref="InvalidInputException">It is not what is wanted; with the name of the field.</exception>
    public static async Task<T> Read<T>(Stream body, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, Options, cancel) ?? throw new InvalidInputException("body", "is null");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            var path = (wrong as JsonException)?.Path is ['$', '.', .. var field] ? field : "body";
            throw new InvalidInputException(path, "is not JSON of the right form: " + wrong.Message.Split(" Path:")[0]);
        }
    }
}
