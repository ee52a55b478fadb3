using BlueGreen.Agent.Hosting;
using BlueGreen.Agent.Hosting.Configuration;
using BlueGreen.Agent.Hosting.Configuration.Sections;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class SampleConfigurationTests
{
    [Fact]
    public void The_sample_as_it_is_says_what_no_file_at_all_says()
    {
        var change = ConfigurationDiff.Between(new FrontOptions(), ConfigurationFile.Read(SampleConfiguration.Path));

        Assert.Equal([], change.Applied);
        Assert.Equal([], change.NeedsRestart);
    }

    [Fact]
    public void The_sample_with_every_key_in_use_is_valid()
    {
        var app = Assert.Single(Yaml.Parse(SampleConfiguration.Uncommented()).Apps);

        Assert.Equal("/etc/bluegreen/current", app.Source!.Address.Text);
        Assert.Equal(["LOG_LEVEL", "FEATURE_X"], app.Env.Keys);
    }

    [Fact]
    public void Every_key_of_the_schema_is_in_the_sample_in_the_same_order()
    {
        var root = YamlComposer.Compose(SampleConfiguration.Uncommented(), (position, message) => Assert.Fail($"{position}: {message}"));

        var inSample = KeysBelow(root, "").Where(key => !key.StartsWith("apps.web.env.", StringComparison.Ordinal) && key != "apps.web");
        Assert.Equal(
            FrontSection.Section.Select(key => key
                .Replace("apps.NAME", "apps.web", StringComparison.Ordinal).Replace("processes.TYPE", "processes.cron", StringComparison.Ordinal)),
            inSample);
    }

    private static IEnumerable<string> KeysBelow(YamlNode node, string place) => node is not YamlMap map
        ? []
        : map.Entries.SelectMany(entry => (string[])[place + entry.Key, .. KeysBelow(entry.Value, $"{place}{entry.Key}.")]);
}
