using Madang.Kernel;
using Madang.Server;
using Madang.Server.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Tests.Server;

public sealed class SettingsTests
{
    [Fact]
    public void Every_name_that_is_no_setting_of_the_house_is_refused()
    {
        var failure = Assert.Throws<AggregateException>(() => Refuse("""{ "Server": { "Foo": 1, "MaxBodyMegabyte": 5 } }"""));

        Assert.Equal(
            [
                "Server:Foo: there is no such setting; there are Server:MaxBodyMegabytes, Server:Proxies",
                "Server:MaxBodyMegabyte: there is no such setting; there is Server:MaxBodyMegabytes",
            ],
            failure.InnerExceptions.OfType<InvalidInputException>().Select(each => each.Message));
    }

    [Theory]
    [InlineData("""{ "server": { "maxbodymegabytes": 5 } }""")]
    [InlineData("""{ "Server": "a word of somebody else" }""")]
    [InlineData("""{ "Logging": { "Anything": { "At": "all" } }, "Kestrel": { "Endpoints": {} }, "AllowedHosts": "*", "urls": "http://localhost" }""")]
    public void Other_sections_and_other_spellings_of_upper_and_lower_case_are_none_of_its_business(string json) => Refuse(json);

    private static void Refuse(string json)
    {
        var services = new ServiceCollection();
        services.AddOptions<ServerOptions>().BindConfiguration("Server");
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        UnknownSettings.Refuse(new ConfigurationBuilder().AddJsonStream(file).Build(), services);
    }
}
