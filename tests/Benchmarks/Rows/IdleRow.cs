using System.Text;
using BlueGreen.Benchmarks.Running;
using BlueGreen.Benchmarks.Subjects;
using BlueGreen.Load.Http;

namespace BlueGreen.Benchmarks.Rows;

/// <summary>The memory that a connection costs which has had one answer and is idle since.</summary>
internal sealed class IdleRow() : Row("idle", "idle connections (10,000, or what the limit of open files allows)", new Topology(), Figure.PerConnection)
{
    private const int Spare = 250;
    private const int AtOnce = 50;
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] Get = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Topology.Host}\r\n\r\n");

    protected override bool Suits(Subject subject) => subject.IsProxy;

    protected override async Task<Dictionary<Figure, double>?> MeasureAsync(Subject subject, Effort effort)
    {
        var count = Math.Min(effort.Idle, DescriptorLimit.Connections - Spare);
        var before = ProcessCost.MegabytesOf(subject.Pids);
        var connections = new List<HttpConnection>(count);
        try
        {
            while (connections.Count < count)
                connections.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count - connections.Count)).Select(_ => OpenAsync(subject.Address))));
            await Task.Delay(Settling, TimeLimit.Token);
            var after = ProcessCost.MegabytesOf(subject.Pids);
            connections.ForEach(connection => connection.Dispose());
            await Task.Delay(Settling, TimeLimit.Token);
            return new Dictionary<Figure, double>
            {
                [Figure.PerConnection] = (after - before) * 1024 / count,
                [Figure.Before] = before,
                [Figure.After] = after,
                [Figure.Gone] = ProcessCost.MegabytesOf(subject.Pids),
            };
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task<HttpConnection> OpenAsync(Uri address)
    {
        var connection = await HttpConnection.ConnectAsync(address, keepBodies: false, TimeLimit.Token);
        await connection.ExchangeAsync(Get, TimeLimit.Token);
        return connection;
    }
}
