using System.Reflection;
using System.Text.Json;
using Madang.Operations.Rules;

namespace Madang.Operations.Air;

/// <summary>What comes with Madang about the air, read from the files in <c>Air/Shipped</c>.</summary>
internal static class AirBooks
{
    /// <summary>A measure of the list.</summary>
    public sealed record Measure(string Id, RuleText Department, RuleText Text, RuleSource Source);

    /// <summary>The law by which emergency measures are decided.</summary>
    public static readonly RuleSource ReductionLaw = new("미세먼지의 저감 및 관리에 관한 특별법 제18조, 같은 법 시행령; 환경부 고시", "https://www.law.go.kr/법령/미세먼지의저감및관리에관한특별법");

    public static IReadOnlyList<AirSeason> Seasons { get; } = Read<AirSeason>("seasons");

    /// <summary>What is to be done under emergency measures.</summary>
    public static IReadOnlyList<Measure> Measures { get; } = Read<Measure>("measures");

    /// <summary>What kinds of places do under an advisory or warning; nothing is counted in them.</summary>
    public static IReadOnlyList<AirGuidance> Guidance { get; } = Read<AirGuidance>("guidance");

    private static List<T> Read<T>(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("air/" + name)!;
        return JsonSerializer.Deserialize<List<T>>(file, RuleForm.Options)!;
    }
}
