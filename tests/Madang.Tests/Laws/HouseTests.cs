using System.Reflection;
using Madang.Server.Commands;
using Madang.Storage;
using Madang.Tests.Hosts;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Laws;

/// <summary>The laws, applied to the house as it stands. <see cref="LawTests"/> breaks each of them once.</summary>
public sealed class HouseTests
{
    private static string ServerReadme => House.Modules.Single(module => module.Name == "Server").Readme ?? "";

    [Fact]
    public void A_module_looks_down_and_never_sideways() => Keeps(Law.LooksDown(House.Modules));

    [Fact]
    public void What_is_public_stands_in_its_modules_root() =>
        Keeps(House.Modules.SelectMany(module => Law.IsPublicInTheRootOnly(module.Name, module.Assembly.GetExportedTypes())));

    [Fact]
    public void An_interface_has_two_implementations_or_is_a_plug() =>
        Keeps(Law.HasTwoImplementations([.. House.Modules.SelectMany(module => Law.Declared(module.Assembly))]));

    [Fact]
    public void Names_say_something_about_the_city() =>
        Keeps(Law.HasAnHonestName(House.Modules.SelectMany(module => Law.Declared(module.Assembly)).Select(type => type.Name), House.Sources.Select(source => source.Path)));

    [Fact]
    public void Every_option_is_in_the_README_of_its_module()
    {
        var bound = Law.BoundOptions(House.Sources.Where(source => source.Path.StartsWith("src/", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(bound);
        Assert.All(bound, options => Assert.Equal($"{options.Section}Options", options.Type));
        var types = House.Modules.SelectMany(module => Law.Declared(module.Assembly).Select(type => (Module: module, Type: type))).ToList();
        Keeps(bound.SelectMany(options => types.Where(one => one.Type.Name == options.Type).SelectMany(one => Law.DocumentsItsOptions(one.Type, options.Section, one.Module.Readme))));
    }

    [Fact]
    public void Every_command_is_in_the_README_of_the_server() => Keeps(Law.DocumentsItsCommands(CommandLine.Root(), "madang", ServerReadme));

    [Fact]
    public async Task Every_route_group_is_in_the_README_of_its_module()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        Keeps(Routes(city).GroupBy(ModuleOf).SelectMany(group =>
            Law.DocumentsItsRoutes(group.Key.Name, group.Select(endpoint => endpoint.RoutePattern.RawText!), group.Key.Readme)));
    }

    [Fact]
    public async Task Every_route_names_its_policy()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        Assert.NotEmpty(Routes(city));
        Keeps(Law.NamesItsPolicy(Routes(city)));
    }

    [Fact]
    public async Task Every_route_can_name_the_field_that_is_wrong()
    {
        await using var city = await TestCity.Start(Engine.Sqlite);
        Keeps(Law.ReadsWhatMayBeLeftOut(Routes(city)));
    }

    [Fact]
    public void No_file_is_longer_than_a_person_can_hold_in_mind() => Keeps(Law.IsNotTooLong(House.Sources));

    [Fact]
    public void Every_module_has_a_README_with_the_five_headings() => Keeps(House.Modules.SelectMany(module => Law.HasItsReadme(module.Name, module.Readme)));

    /// <summary>Without files (they are one route each, and public by their nature) and without what the framework adds for itself.</summary>
    private static List<RouteEndpoint> Routes(TestCity city) =>
        [.. city.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !endpoint.Metadata.Any(metadata => metadata.GetType().Name == "StaticAssetDescriptor"))
            .Where(endpoint => !endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith('_'))];

    /// <summary>The module whose code answers; what comes from the framework belongs to the server, which mapped it.</summary>
    private static Module ModuleOf(RouteEndpoint endpoint)
    {
        var assembly = endpoint.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type.Assembly ?? endpoint.Metadata.GetMetadata<MethodInfo>()?.DeclaringType?.Assembly;
        return House.Modules.SingleOrDefault(module => assembly?.GetName().Name == $"Madang.{module.Name}") ?? House.Modules.Single(module => module.Name == "Server");
    }

    private static void Keeps(IEnumerable<string> breaches)
    {
        var all = breaches.Distinct().ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
