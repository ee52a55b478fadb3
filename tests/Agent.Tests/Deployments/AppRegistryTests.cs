using BlueGreen.Agent.Deployments;
using BlueGreen.Proxy.Routing;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class AppRegistryTests
{
    private readonly List<RouteTable> _published = [];
    private readonly AppRegistry _apps;

    public AppRegistryTests() => _apps = new AppRegistry(_published.Add, NoAccessLog.Of, TimeProvider.System);

    [Fact]
    public void Apps_come_stay_and_go()
    {
        var (added, removed) = _apps.Configure([App("b", "/b"), App("a", "/a")]);
        Assert.Equal(["a", "b"], added.Select(app => app.Name));
        Assert.Empty(removed);
        var kept = _apps.Find("a")!;

        (added, removed) = _apps.Configure([App("a", "/a") with { Instances = 3 }, App("c", "/c")]);

        Assert.Equal(["c"], added.Select(app => app.Name));
        Assert.Equal(["b"], removed.Select(app => app.Name));
        Assert.Equal(["a", "c"], _apps.All.Select(app => app.Name));
        Assert.Same(kept, _apps.Find("a"));
        Assert.Equal(3, kept.Options.Instances);
        Assert.Null(_apps.Find("b"));
    }

    [Fact]
    public void The_routes_follow_the_options()
    {
        _apps.Configure([App("a", "/a")]);
        _apps.Configure([App("a", "/x") with { Hosts = ["example.com"] }]);

        Assert.Equal(2, _published.Count);
        Assert.Same(_apps.Find("a")!.Upstream, _published[0].Find(new HostString("any"), "/a/1"));
        Assert.Null(_published[1].Find(new HostString("example.com"), "/a/1"));
        Assert.Same(_apps.Find("a")!.Upstream, _published[1].Find(new HostString("example.com"), "/x"));
    }

    [Fact]
    public void Apps_that_answer_to_the_same_change_nothing()
    {
        _apps.Configure([App("a", "/a")]);

        Assert.Throws<ArgumentException>(() => _apps.Configure([App("a", "/b"), App("c", "/b")]));

        Assert.Equal("/a", Assert.Single(_apps.All).Options.Path);
        Assert.Single(_published);
    }

    [Fact]
    public void An_app_that_comes_back_is_a_new_one()
    {
        _apps.Configure([App("a", "/a")]);
        var first = _apps.Find("a");
        _apps.Configure([App("b", "/b")]);

        _apps.Configure([App("a", "/a")]);

        Assert.NotSame(first, _apps.Find("a"));
    }

    private static AppOptions App(string name, string path) => new() { Name = name, Path = path };
}
