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
    public void A_reserved_port_is_not_handed_out_before_it_is_returned()
    {
        // The kernel prefers odd ports for this.
        static bool IsReserved(int port) => port % 4 == 1;
        var ports = new PortAllocator();
        var reserved = Enumerable.Range(1, ushort.MaxValue).Where(IsReserved).ToList();
        reserved.ForEach(ports.Reserve);

        Assert.DoesNotContain(Enumerable.Range(0, 100).Select(_ => ports.Take()), IsReserved);
        reserved.ForEach(ports.Return);
        Assert.Contains(Enumerable.Range(0, 100).Select(_ => ports.Take()), IsReserved);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_somebody_listens_on_is_taken()
    {
        using var listener = Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Assert.True(PortAllocator.IsTaken(port));

        listener.Dispose();

        await FreeAsync(port);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_whose_last_connection_is_still_in_time_wait_is_not_taken()
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

        await FreeAsync(port);
    }

    /// <summary>A process that another test starts at this moment has a copy of the socket until it runs its program.</summary>
    private static Task FreeAsync(int port) => Eventually.TrueAsync(() => !PortAllocator.IsTaken(port));

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }
}
