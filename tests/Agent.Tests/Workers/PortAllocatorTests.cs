using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Workers;

namespace BlueGreen.Agent.Tests.Workers;

public sealed class PortAllocatorTests
{
    [Fact]
    public void Ports_are_free_and_never_handed_out_twice()
    {
        var ports = new PortAllocator();

        var taken = Enumerable.Range(0, 500).Select(_ => ports.Take()).ToArray();

        Assert.Equal(taken.Length, taken.Distinct().Count());
        Assert.All(taken, port => Assert.InRange(port, 1024, 65535));
    }

    [Fact]
    public void Ports_are_handed_out_once_to_many_threads()
    {
        var ports = new PortAllocator();

        var taken = ParallelEnumerable.Range(0, 500).Select(_ => ports.Take()).ToArray();

        Assert.Equal(taken.Length, taken.Distinct().Count());
    }

    [Fact]
    public void A_port_somebody_listens_on_is_taken()
    {
        using var listener = Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Assert.True(PortAllocator.IsTaken(port));

        listener.Dispose();

        Assert.False(PortAllocator.IsTaken(port));
    }

    [Fact]
    public void A_port_whose_last_connection_is_still_in_time_wait_is_not_taken()
    {
        using var listener = Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        // Whoever closes first keeps the port in TIME_WAIT: the worker, as when it answered a check and then crashed.
        using (listener.Accept())
        {
        }

        Assert.Equal(0, client.Receive(new byte[1]));
        client.Dispose();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        listener.Dispose();

        Assert.False(PortAllocator.IsTaken(port));
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }
}
