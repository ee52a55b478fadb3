using BlueGreen.Proxy.Upstreams;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Proxy.Tests.Upstreams;

public sealed class ReservedPathTests
{
    [Theory]
    [InlineData("/-/role")]
    [InlineData("/-/ROLE")]
    [InlineData("/-/role/")]
    [InlineData("//-///role")]
    [InlineData("/-%2Frole")]
    [InlineData("/-%2frole")]
    [InlineData("/-\\role")]
    [InlineData("/-;a=b/role;c")]
    [InlineData("/x/..%2F-/./role")]
    public void What_a_server_may_take_for_the_same_path_is_the_same(string asked) =>
        Assert.True(new ReservedPath("/-/role?x=1").Matches(new PathString(asked)));

    [Theory]
    [InlineData("/")]
    [InlineData("/-/roles")]
    [InlineData("/-/role/x")]
    [InlineData("/x/-/role")]
    [InlineData("/-")]
    public void Other_paths_are_not(string asked) => Assert.False(new ReservedPath("/-/role").Matches(new PathString(asked)));

    [Theory(Timeout = 30_000)]
    [InlineData("/-/%72ole", "HTTP/1.1 404 Not Found")]
    [InlineData("/-/roles", "HTTP/1.1 200 OK")]
    public async Task A_request_for_it_does_not_reach_the_app(string target, string status)
    {
        using var worker = new RecordingBackend();
        using var backend = new Backend("web.1.1", worker.Address, TimeProvider.System);
        await using var front = await FrontUnderTest.StartAsync();
        front.Upstream.Reserved = new ReservedPath("/-/role");
        front.Upstream.Switch([backend]);
        using var client = await front.ConnectAsync();

        await client.WriteAsync($"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        Assert.Equal(status, (await client.ReadToEndAsync()).StartLine());
    }
}
