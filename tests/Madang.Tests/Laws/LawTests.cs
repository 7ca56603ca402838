using System.CommandLine;
using Madang.Kernel;
using Madang.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Madang.Tests.Laws;

/// <summary>Breaks each law once and sees it speak; keeps it once and sees it silent.</summary>
public sealed class LawTests
{
    private const string GoodReadme = "# X\n## What it is\n## Words\n## In and out\n`Storage:Data` `Storage:Postgres` `Storage:ReserveMegabytes` `Storage:QueryLimitSeconds` `/api/series`\n## Try it\n## Decisions\n";

    [Theory]
    [InlineData(3, 4, 1)]
    [InlineData(3, 3, 1)]
    [InlineData(4, 3, 0)]
    public void Looking_up_or_sideways_is_seen(int own, int other, int breaches) =>
        Assert.Equal(breaches, Law.LooksDown([new Module("A", own, ["B"], null), new Module("B", other, [], null)]).Count());

    [Fact]
    public void A_module_without_a_floor_is_seen() => Assert.Single(Law.LooksDown([new Module("A", null, [], null)]));

    [Fact]
    public void A_leaked_public_type_is_seen()
    {
        Assert.Single(Law.IsPublicInTheRootOnly("Storage", [typeof(StorageModule), typeof(LawTests)]));
        Assert.Empty(Law.IsPublicInTheRootOnly("Storage", [typeof(StorageModule)]));
    }

    [Fact]
    public void A_lonely_interface_is_seen()
    {
        Assert.Single(Law.HasTwoImplementations([typeof(ILonely), typeof(First)]));
        Assert.Empty(Law.HasTwoImplementations([typeof(IShared<>), typeof(First), typeof(Second)]));
        Assert.Empty(Law.HasTwoImplementations([typeof(IPlugged)]));
    }

    [Theory]
    [InlineData("SensorManager", "src/A/Sensor.cs", 1)]
    [InlineData("JsonUtils", "src/A/Sensor.cs", 1)]
    [InlineData("DatabaseCalls", "src/A/Database.cs", 0)]
    [InlineData("Sensor", "src/A/Extensions.cs", 1)]
    [InlineData("Sensor", "src/A/Common/Sensor.cs", 1)]
    [InlineData("Implementation", "src/A/Baseline.cs", 0)]
    public void A_banned_name_is_seen(string type, string path, int breaches) => Assert.Equal(breaches, Law.HasAnHonestName([type], [path]).Count());

    [Fact]
    public void An_undocumented_option_is_seen()
    {
        var source = new SourceFile("src/X.cs", "services.AddOptions<StorageOptions>()\n    .BindConfiguration(\"Storage\").ValidateOnStart();");
        Assert.Equal([("StorageOptions", "Storage")], Law.BoundOptions([source]));
        Assert.Empty(Law.DocumentsItsOptions(typeof(StorageOptions), "Storage", GoodReadme));
        Assert.Single(Law.DocumentsItsOptions(typeof(StorageOptions), "Storage", GoodReadme.Replace("`Storage:Data`", "", StringComparison.Ordinal)));
        Assert.NotEmpty(Law.DocumentsItsOptions(typeof(StorageOptions), "Storage", null));
    }

    [Fact]
    public void An_undocumented_command_or_option_of_one_is_seen()
    {
        var root = new RootCommand { new Command("import") { new Command("places") { new Option<string>("--map") } } };
        Assert.Empty(Law.DocumentsItsCommands(root, "madang", "`madang import places FILE` `--map MAP`"));
        Assert.Single(Law.DocumentsItsCommands(root, "madang", "`madang import places FILE`"));
        Assert.Equal(3, Law.DocumentsItsCommands(root, "madang", "").Count());
    }

    [Theory]
    [InlineData("/api/series/{datastream}", 0)]
    [InlineData("/api/series", 0)]
    [InlineData("/api/places/{id}", 1)]
    [InlineData("/api/ser", 1)]
    public void An_undocumented_route_group_is_seen(string pattern, int breaches) => Assert.Equal(breaches, Law.DocumentsItsRoutes("X", [pattern], GoodReadme).Count());

    [Fact]
    public void A_route_without_a_policy_is_seen()
    {
        Assert.Single(Law.NamesItsPolicy([Route()]));
        Assert.Single(Law.NamesItsPolicy([Route(new AuthorizeAttribute())]));
        Assert.Empty(Law.NamesItsPolicy([Route(new AuthorizeAttribute("public-read"))]));
    }

    [Fact]
    public void A_number_that_may_be_left_out_is_seen()
    {
        Assert.Single(Law.ReadsWhatMayBeLeftOut([Route(((Func<int?, int>)(limit => limit ?? 0)).Method)]));
        Assert.Empty(Law.ReadsWhatMayBeLeftOut([Route(((Func<int, string?, int>)((limit, _) => limit)).Method)]));
    }

    [Fact]
    public void A_file_over_400_lines_is_seen()
    {
        Assert.Single(Law.IsNotTooLong([new SourceFile("src/Long.cs", new string('\n', 401))]));
        Assert.Empty(Law.IsNotTooLong([new SourceFile("src/Long.cs", new string('\n', 400))]));
    }

    [Fact]
    public void A_missing_README_or_heading_is_seen()
    {
        Assert.Empty(Law.HasItsReadme("X", GoodReadme));
        Assert.Single(Law.HasItsReadme("X", null));
        Assert.Single(Law.HasItsReadme("X", GoodReadme.Replace("## Words\n", "", StringComparison.Ordinal)));
    }

    private static RouteEndpoint Route(params object[] metadata) =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse("/x"), 0, new EndpointMetadataCollection(metadata), null);

    internal interface ILonely;

    internal interface IShared<T>;

    [Plug("A test fills it.")]
    internal interface IPlugged;

    internal sealed class First : ILonely, IShared<int>;

    internal sealed class Second : IShared<string>;
}
