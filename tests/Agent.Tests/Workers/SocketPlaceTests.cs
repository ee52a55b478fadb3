using System.Net.Sockets;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class SocketPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_holds_a_socket_also_where_an_old_one_is_and_nothing_is_left()
    {
        using (var old = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            old.Bind(new UnixDomainSocketEndPoint(_folder["w.sock"]));
        }

        File.WriteAllText(_folder["w.sock"], "");

        Assert.True(SocketPlace.CanHold(_folder["w.sock"]));
        Assert.False(Path.Exists(_folder["w.sock"]));
    }

    [Fact]
    public void A_path_that_is_too_long_holds_none() => Assert.False(SocketPlace.CanHold(_folder[new string('s', WorkerLauncher.MaxSocketPathBytes)]));

    [Fact]
    public void A_folder_that_is_not_there_or_takes_nothing_new_holds_none()
    {
        Assert.False(SocketPlace.CanHold(_folder["none/w.sock"]));
        Assert.False(SocketPlace.CanHold("/proc/w.sock"));
    }
}
