using Madang.Kernel;
using Microsoft.Extensions.Options;

namespace Madang.Server.Hosting;

/// <summary>
/// Refuses what is written under a section of the house and is no setting there: a misspelt one would be without effect in
/// silence. The settings are those of the bound <c>XOptions</c>, each in its section <c>X</c>; other sections are others' affair.
/// </summary>
internal static class UnknownSettings
{
    private const int NearEnough = 3, MostNames = 3;

    public static void Refuse(IConfiguration configuration, IServiceCollection services)
    {
        var unknown = Options(services).SelectMany(options => Find(configuration, options)).ToList();
        if (unknown.Count > 0)
        {
            throw unknown.Count == 1 ? unknown[0] : new AggregateException(unknown);
        }
    }

    /// <summary>The house's own options, known by what <c>BindConfiguration</c> registers.</summary>
    private static IEnumerable<Type> Options(IServiceCollection services) => services
        .Where(service => service.ServiceType.IsGenericType && service.ServiceType.GetGenericTypeDefinition() == typeof(IOptionsChangeTokenSource<>))
        .Select(service => service.ServiceType.GenericTypeArguments[0])
        .Where(options => options.Assembly.GetName().Name!.StartsWith("Madang.", StringComparison.Ordinal))
        .Distinct();

    private static IEnumerable<InvalidInputException> Find(IConfiguration configuration, Type options)
    {
        var section = options.Name[..^"Options".Length];
        var names = options.GetProperties().Where(property => property.SetMethod is { IsPublic: true }).Select(property => property.Name).ToList();
        return configuration.GetSection(section).GetChildren()
            .Where(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => new InvalidInputException($"{section}:{child.Key}", $"there is no such setting; there {Nearest(section, child.Key, names)}"));
    }

    private static string Nearest(string section, string wrong, List<string> names)
    {
        var near = names.Where(name => Distance(name, wrong) <= NearEnough).OrderBy(name => Distance(name, wrong)).Take(MostNames).ToList();
        var said = near.Count > 0 ? near : names;
        return $"{(said.Count == 1 ? "is" : "are")} {string.Join(", ", said.Select(name => $"{section}:{name}"))}";
    }

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein), upper and lower case being one.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
