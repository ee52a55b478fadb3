using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.Releases;
using BlueGreen.Proxy;

namespace BlueGreen.Agent.Tests.Hosting.Configuration;

public sealed class ConfigurationDefaultsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("---\n...\n")]
    [InlineData("~")]
    [InlineData("{}")]
    [InlineData("apps:\n")]
    [InlineData("apps: {}\n")]
    [InlineData("apps: ~\nlisten:\nstate: null\n")]
    [InlineData("limits: ~\n")]
    [InlineData("limits: {connections: , headers: ~, grace: null}\n")]
    [InlineData("apps: {web: }\n")]
    [InlineData("apps: {web: {trust: ~, limits: {size: ~}, health: ~, drain: , keep: {}, env: ~, hosts: [], path: ~, bind: ~, instances: ~}}\n")]
    [InlineData("apps: {web: {accessLog: ~}}\n")]
    [InlineData("apps: {web: {warmup: {requests: [], rounds: ~, host: ~, statuses: }, slowStart: ~}}\n")]
    [InlineData("apps: {web: {health: {path: ~, interval: ~, passes: }, source: ~, command: null}}\n")]
    public void What_is_not_written_has_its_default(string text)
    {
        var options = Yaml.Parse(text);

        Assert.Equal(["http://127.0.0.1:8080/"], options.Listen.Select(address => address.ToString()));
        Assert.Equal(["127.0.0.0/8", "::1/128"], options.TrustedProxies.Networks.Select(network => network.ToString()));
        Assert.Null(options.State);
        Assert.Equal(new ClientLimits(), options.Limits);
        var app = Assert.Single(options.Apps);
        Assert.Equal("web", app.Name);
        Assert.Empty(app.Hosts);
        Assert.Equal("/", app.Path);
        Assert.Null(app.Source);
        Assert.Equal(([], false, false), (app.Trust.Keys, app.Trust.Require, app.Trust.Sequence));
        Assert.Equal(new ReleaseLimits(), app.Limits);
        Assert.Null(app.Command);
        Assert.Null(app.Bind);
        Assert.Equal(1, app.Instances);
        Assert.Empty(app.Env);
        Assert.Equal(new HealthOptions(), app.Health);
        Assert.Equal((4, 20, TimeSpan.FromSeconds(5), null, 0, false),
            (app.WarmUp.Concurrency, app.WarmUp.Rounds, app.WarmUp.For, app.WarmUp.Host, app.WarmUp.Replay, app.WarmUp.ReplayQueries));
        Assert.Empty(app.WarmUp.Requests);
        Assert.Equal(["2xx", "3xx"], app.WarmUp.Statuses.Select(range => range.ToString()));
        Assert.Equal(TimeSpan.Zero, app.SlowStart);
        Assert.Equal(new DrainOptions(), app.Drain);
        Assert.Equal(new KeepOptions(), app.Keep);
        Assert.Null(app.AccessLog);
    }
}
