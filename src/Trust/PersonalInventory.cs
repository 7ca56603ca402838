using Microsoft.Extensions.DependencyInjection;

namespace Madang.Trust;

/// <summary>Every column with personal data there is, as the modules declare them, and the rules by which it goes.</summary>
public sealed class PersonalInventory
{
    internal PersonalInventory(IEnumerable<PersonalColumn> columns, IEnumerable<NotPersonal> others)
    {
        (Columns, Others) = ([.. columns], [.. others]);
        Rules = [.. Columns.SelectMany(column => column.Retention.Rules).Distinct()];
        if (Rules.GroupBy(rule => rule.Code).FirstOrDefault(rules => rules.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"There are two retention rules '{twice.Key}'.");
        }
    }

    /// <summary>What is personal.</summary>
    public IReadOnlyList<PersonalColumn> Columns { get; }

    /// <summary>What looks so and is not.</summary>
    public IReadOnlyList<NotPersonal> Others { get; }

    /// <summary>The rules of <see cref="Columns"/>, each once: what the retention job does.</summary>
    public IReadOnlyList<PersonalRule> Rules { get; }
}

/// <summary>How a module declares what its tables hold of people; next to its schema.</summary>
public static class PersonalServices
{
    /// <summary>Declares columns with personal data.</summary>
    public static IServiceCollection AddPersonal(this IServiceCollection services, Func<IServiceProvider, IEnumerable<PersonalColumn>> columns) =>
        services.AddSingleton(new PersonalSource(columns));

    /// <summary>Declares columns of a table that look personal and are not.</summary>
    public static IServiceCollection AddNotPersonal(this IServiceCollection services, string table, string why, params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            services.AddSingleton(new NotPersonal(table, column, why));
        }

        return services;
    }
}

/// <summary>A module's declarations; made when the options are known, for periods depend on them.</summary>
internal sealed record PersonalSource(Func<IServiceProvider, IEnumerable<PersonalColumn>> Columns);
