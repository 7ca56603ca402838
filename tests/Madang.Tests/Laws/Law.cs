using System.CommandLine;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Madang.Tests.Laws;

/// <summary>Each law takes what it judges and answers every breach in a sentence; none is none.</summary>
internal static partial class Law
{
    private const int MostLines = 400;

    private static readonly string[] Headings = ["## What it is", "## Words", "## In and out", "## Try it", "## Decisions"];
    private static readonly HashSet<string> Banned = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Impl"];

    public static IEnumerable<string> LooksDown(IReadOnlyCollection<Module> modules)
    {
        foreach (var module in modules)
        {
            if (module.Floor is null)
            {
                yield return $"{module.Name} does not say on which <Floor> it stands.";
            }

            foreach (var other in module.LooksAt.Select(name => modules.SingleOrDefault(candidate => candidate.Name == name)).OfType<Module>())
            {
                if (other.Floor >= module.Floor)
                {
                    yield return $"{module.Name} (floor {module.Floor}) looks at {other.Name} (floor {other.Floor}): a module looks down, never sideways.";
                }
            }
        }
    }

    /// <summary>The compiler makes Razor components, their imports and Program public; everything else is public by somebody's will.</summary>
    public static IEnumerable<string> IsPublicInTheRootOnly(string module, IEnumerable<Type> exported) =>
        from type in exported
        where type.Namespace != $"Madang.{module}" && !typeof(IComponent).IsAssignableFrom(type) && type.Name != "_Imports" && type.FullName != "Program"
        select $"{type.FullName} is public outside the namespace Madang.{module}.";

    public static IEnumerable<string> HasTwoImplementations(IReadOnlyCollection<Type> types) =>
        from contract in types
        where contract.IsInterface && contract.GetCustomAttribute<PlugAttribute>() is null
        let count = types.Count(type => type is { IsInterface: false, IsAbstract: false } && type.GetInterfaces().Any(one => (one.IsGenericType ? one.GetGenericTypeDefinition() : one) == contract))
        where count < 2
        select $"{contract.FullName} has {count} implementation(s): make it a class, or mark it with [Plug].";

    public static IEnumerable<string> HasAnHonestName(IEnumerable<string> typeNames, IEnumerable<string> paths) =>
        typeNames.Where(name => Words().Matches(name).Any(word => Banned.Contains(word.Value))).Select(name => $"The type {name} says nothing about the city: name what it does.")
            .Concat(paths.Where(path => Path.GetFileName(path) == "Extensions.cs" || path.Split('/').Any(part => Words().Matches(Path.GetFileNameWithoutExtension(part)).Any(word => Banned.Contains(word.Value))))
                .Select(path => $"The file {path} has a banned name."));

    /// <summary>Every bound class of options, by the call that binds it: <c>AddOptions&lt;XOptions&gt;().BindConfiguration("X")</c>.</summary>
    public static IEnumerable<(string Type, string Section)> BoundOptions(IEnumerable<SourceFile> sources) =>
        sources.SelectMany(source => Binding().Matches(source.Text)).Select(match => (match.Groups["type"].Value, match.Groups["section"].Value));

    public static IEnumerable<string> DocumentsItsOptions(Type options, string section, string? readme) =>
        from property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.SetMethod is { IsPublic: true } && readme?.Contains($"`{section}:{property.Name}`", StringComparison.Ordinal) != true
        select $"The option {section}:{property.Name} is not in the README of its module.";

    public static IEnumerable<string> DocumentsItsCommands(Command command, string parents, string readme)
    {
        foreach (var child in command.Subcommands)
        {
            var name = $"{parents} {child.Name}";
            if (!readme.Contains($"`{name}", StringComparison.Ordinal))
            {
                yield return $"The command `{name}` is not in the README of the server.";
            }

            foreach (var option in child.Options.Where(option => !readme.Contains($"`{option.Name}", StringComparison.Ordinal)))
            {
                yield return $"The option {option.Name} of `{name}` is not in the README of the server.";
            }

            foreach (var breach in DocumentsItsCommands(child, name, readme))
            {
                yield return breach;
            }
        }
    }

    /// <summary>The beginning of a route that its group shares: at most two words that are not parameters.</summary>
    public static string GroupOf(string pattern) =>
        "/" + string.Join('/', pattern.Trim('/').Split('/').TakeWhile(segment => !segment.Contains('{', StringComparison.Ordinal)).Take(2));

    public static IEnumerable<string> DocumentsItsRoutes(string module, IEnumerable<string> patterns, string? readme) =>
        from pattern in patterns.Distinct()
        let start = GroupOf(pattern)
        where readme is null || !Regex.IsMatch(readme, $"{Regex.Escape(start)}(?![\\w-])")
        select $"{pattern}: {start} is not in the README of {module}.";

    public static IEnumerable<string> NamesItsPolicy(IEnumerable<RouteEndpoint> endpoints) =>
        from endpoint in endpoints
        where !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(authorize => !string.IsNullOrEmpty(authorize.Policy))
        select $"{string.Join(' ', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [])} {endpoint.RoutePattern.RawText} names no policy (RequireAuthorization).";

    /// <summary>ASP.NET's compiled binding answers an empty 400 to a number that is none where the parameter may be left out: those are read from text.</summary>
    public static IEnumerable<string> ReadsWhatMayBeLeftOut(IEnumerable<RouteEndpoint> endpoints) =>
        from endpoint in endpoints
        from parameter in endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? []
        from type in parameter.GetCustomAttribute<AsParametersAttribute>() is null ? [parameter.ParameterType] : parameter.ParameterType.GetProperties().Select(property => property.PropertyType)
        where Nullable.GetUnderlyingType(type) is not null
        select $"{endpoint.RoutePattern.RawText} binds {Nullable.GetUnderlyingType(type)!.Name}? ({parameter.Name}); take a string and read it, so that an error names the field.";

    public static IEnumerable<string> IsNotTooLong(IEnumerable<SourceFile> sources) =>
        from source in sources
        let lines = source.Text.Count(character => character == '\n')
        where lines > MostLines
        select $"{source.Path} has {lines} lines; {MostLines} is the most.";

    public static IEnumerable<string> HasItsReadme(string module, string? readme)
    {
        if (readme is null)
        {
            return [$"{module} has no README.md."];
        }

        var found = readme.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line.Trim()).Where(Headings.Contains);
        return found.SequenceEqual(Headings) ? [] : [$"The README of {module} must have the headings {string.Join(", ", Headings)}, in this order."];
    }

    public static IEnumerable<Type> Declared(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.FullName!.Contains('<', StringComparison.Ordinal)
            && type.Namespace?.StartsWith("Madang", StringComparison.Ordinal) == true);

    [GeneratedRegex("[A-Z][a-z0-9]*|[a-z0-9]+")]
    private static partial Regex Words();

    [GeneratedRegex("""AddOptions<(?<type>\w+)>\(\)\s*\.BindConfiguration\("(?<section>[\w:]+)"\)""")]
    private static partial Regex Binding();
}
