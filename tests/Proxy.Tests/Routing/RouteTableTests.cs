using BlueGreen.Proxy.Routing;
using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Routing;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("example.com", "exact")]
    [InlineData("EXAMPLE.com", "exact")]
    [InlineData("example.com:8080", "exact")]
    [InlineData("example.com.", "exact")]
    [InlineData("example.com.:8080", "exact")]
    [InlineData("a.example.com", "wildcard")]
    [InlineData("A.Example.Com:80", "wildcard")]
    [InlineData("a.b.example.com", "wildcard")]
    [InlineData("x.deep.example.com", "deep wildcard")]
    [InlineData("deep.example.com", "wildcard")]
    [InlineData("api.example.com", "exact below")]
    [InlineData("x.api.example.com", "wildcard")]
    [InlineData("notexample.com", "any")]
    [InlineData("example.com.evil.org", "any")]
    [InlineData("example.org", "any")]
    [InlineData("127.0.0.1:8080", "any")]
    [InlineData("[::1]", "ipv6")]
    [InlineData("[::1]:8080", "ipv6")]
    [InlineData("", "any")]
    public void The_most_specific_host_wins(string host, string expected)
    {
        var table = new RouteTable(
        [
            To("exact", "example.com"), To("wildcard", "*.example.com"), To("deep wildcard", "*.deep.example.com"),
            To("exact below", "api.example.com"), To("ipv6", "[::1]"), To("any"),
        ]);

        Assert.Equal(expected, Find(table, host, "/"));
    }

    [Theory]
    [InlineData("/", "root")]
    [InlineData("/other", "root")]
    [InlineData("/api", "api")]
    [InlineData("/api/", "api")]
    [InlineData("/api/x", "api")]
    [InlineData("/apix", "root")]
    [InlineData("/API", "root")]
    [InlineData("/api/v2", "v2")]
    [InlineData("/api/v2/users", "v2")]
    [InlineData("/api/v22", "api")]
    [InlineData("", "root")]
    public void The_longest_prefix_of_whole_segments_wins(string path, string expected)
    {
        var table = new RouteTable([To("root"), To("api", path: "/api"), To("v2", path: "/api/v2/")]);

        Assert.Equal(expected, Find(table, "example.com", path));
    }

    [Theory]
    [InlineData("example.com", "/x", "exact host")]
    [InlineData("example.com", "/shop", "exact host")]
    [InlineData("example.com", "/other", "any host, all paths")]
    [InlineData("a.example.com", "/shop", "wildcard")]
    [InlineData("a.example.com", "/x", "any host")]
    public void A_host_without_a_matching_path_leaves_the_request_to_less_specific_hosts(string host, string path, string expected)
    {
        var table = new RouteTable(
        [
            To("any host, all paths"), To("any host", path: "/x"), To("exact host", "example.com", "/x"),
            To("exact host", "example.com", "/shop"), To("wildcard", "*.example.com", "/shop"),
        ]);

        Assert.Equal(expected, Find(table, host, path));
    }

    [Fact]
    public void What_no_app_takes_is_not_found()
    {
        Assert.Null(Find(RouteTable.Empty, "example.com", "/"));
        Assert.Null(Find(new RouteTable([To("web", "example.com", "/app")]), "example.com", "/"));
        Assert.Null(Find(new RouteTable([To("web", "*.example.com")]), "example.com", "/"));
    }

    [Fact]
    public void One_app_may_have_several_hosts()
    {
        var table = new RouteTable([new Route(Named("web"), ["a.example", "*.b.example"], "/")]);

        Assert.Equal("web", Find(table, "a.example", "/"));
        Assert.Equal("web", Find(table, "x.b.example", "/"));
        Assert.Null(Find(table, "c.example", "/"));
    }

    [Theory]
    [InlineData("example.com", "/", "example.com", "/")]
    [InlineData("example.com", "/", "EXAMPLE.COM", "/")]
    [InlineData("example.com", "/", "example.com.", "/")]
    [InlineData("example.com", "/api", "example.com", "/api/")]
    [InlineData("*.example.com", "/", "*.Example.com", "/")]
    [InlineData(null, "/", null, "")]
    public void Two_apps_with_the_same_host_and_path_are_refused(string? host, string path, string? otherHost, string otherPath)
    {
        var refusal = Assert.Throws<ArgumentException>(
            () => new RouteTable([To("one", host, path), To("two", otherHost, otherPath)]));

        Assert.Contains($"'{otherPath}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"'{otherHost ?? "*"}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_configured_with_a_trailing_dot_is_the_same_host() =>
        Assert.Equal("web", Find(new RouteTable([To("web", "example.com.")]), "example.com", "/"));

    [Fact]
    public void Paths_that_differ_in_case_are_different_paths()
    {
        var table = new RouteTable([To("lower", path: "/api"), To("upper", path: "/API")]);

        Assert.Equal("lower", Find(table, "example.com", "/api/x"));
        Assert.Equal("upper", Find(table, "example.com", "/API/x"));
    }

    private static Route To(string name, string? host = null, string path = "/") =>
        new(Named(name), host is null ? [] : [host], path);

    private static Upstream Named(string name) => new(name, TimeProvider.System);

    private static string? Find(RouteTable table, string host, string path) =>
        table.Find(new HostString(host), new PathString(path))?.Name;
}
