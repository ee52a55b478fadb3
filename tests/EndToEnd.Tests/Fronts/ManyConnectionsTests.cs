using System.Net;
using System.Net.Sockets;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Fronts;

public sealed class ManyConnectionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData(1024, "")]
    // Without a limit of its own worth the name, what is left of the descriptors is the limit.
    [InlineData(400, "limits: {connections: 100000}\n")]
    public async Task More_connections_than_the_front_may_open_files_for_keep_neither_the_others_nor_later_ones_from_being_served(int files, string limits)
    {
        _folder.Configure(limits + "apps: {web: {probation: 0s}}\n");
        await using var front = await Front.StartWithFewFilesAsync(_folder, files, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var visitor = new Visitor(front.Address);
        Assert.Equal(200, (await visitor.GetAsync()).Status);

        var crowd = await ConnectAsync(front, files);
        try
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(200, (await visitor.GetAsync()).Status);
            }
        }
        finally
        {
            crowd.ForEach(socket => socket.Dispose());
        }

        await Until.TrueAsync(async () =>
        {
            try
            {
                using var later = new Visitor(front.Address);
                return (await later.GetAsync()).Status == 200;
            }
            catch (HttpRequestException)
            {
                // Turned away still: the front has yet to see that the others have gone.
                return false;
            }
        });
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v2"))).Code);
        Assert.Equal(front.Pid, (await front.StatusAsync()).Pid);
    }

    private static async Task<List<Socket>> ConnectAsync(Front front, int count)
    {
        var sockets = new List<Socket>();
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            sockets.Add(socket);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, front.Address.Port), TestContext.Current.CancellationToken);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Turned away before this side knew that it was connected.
            }
        }

        return sockets;
    }
}
