using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Hosting;

public sealed class RunSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_file_there_is_one_app_on_the_default_listener()
    {
        var options = new RunSettings().Read();

        Assert.Equal("web", Assert.Single(options.Apps).Name);
        Assert.Equal([new Uri("http://127.0.0.1:8080")], options.Listen);
        Assert.Equal("api", Assert.Single(new RunSettings { App = "api" }.Read().Apps).Name);
    }

    [Fact]
    public void The_command_line_goes_before_the_file()
    {
        var settings = new RunSettings { ConfigurationFile = File("listen: [http://127.0.0.1:1, http://127.0.0.1:2]\napps: {api: {}}\n") };

        Assert.Equal([new Uri("http://127.0.0.1:1"), new Uri("http://127.0.0.1:2")], settings.Read().Listen);
        var over = (settings with { Listen = [new Uri("http://127.0.0.1:3")] }).Read();
        Assert.Equal([new Uri("http://127.0.0.1:3")], over.Listen);
        Assert.Equal("api", Assert.Single(over.Apps).Name);
    }

    [Fact]
    public void A_file_that_is_named_must_be_there() =>
        Assert.Throws<ConfigurationException>(() => new RunSettings { ConfigurationFile = _folder["none.yaml"] }.Read());

    [Theory]
    [InlineData("", null, "web")]
    [InlineData("apps: {api: {}}", null, "api")]
    [InlineData("apps: {api: {}}", "api", "api")]
    [InlineData("apps: {api: {path: /api}, web: {}}", null, "web")]
    [InlineData("apps: {api: {path: /api}, web: {}}", "api", "api")]
    public void The_release_is_for_the_app_that_is_named_else_the_only_one_else_web(string yaml, string? named, string target)
    {
        var settings = new RunSettings { ConfigurationFile = File(yaml), App = named };

        Assert.Equal(target, settings.TargetApp(settings.Read()));
    }

    [Theory]
    [InlineData("apps: {api: {}}", "web", "there is no app 'web'; name one with --app: api")]
    [InlineData("apps: {a: {path: /a}, b: {path: /b}}", null, "there is no app 'web'; name one with --app: a, b")]
    public void A_release_without_an_app_is_refused(string yaml, string? named, string message)
    {
        var settings = new RunSettings { ConfigurationFile = File(yaml), App = named };

        var refusal = Assert.Throws<UserError>(() => settings.TargetApp(settings.Read()));

        Assert.Equal((message, ExitCodes.Usage), (refusal.Message, refusal.ExitCode));
    }

    private string File(string yaml) => _folder.Write("bluegreen.yaml", yaml);
}
