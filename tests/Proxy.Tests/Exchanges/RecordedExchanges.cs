using System.Threading.Channels;
using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Tests.Exchanges;

/// <summary>An access log that keeps what it is told, for the test to take.</summary>
internal sealed class RecordedExchanges : IAccessLog
{
    private readonly Channel<ExchangeRecord> _records = Channel.CreateUnbounded<ExchangeRecord>();

    /// <summary>How many there are that nobody has taken.</summary>
    public int Left => _records.Reader.Count;

    /// <summary>Switches it on for an app.</summary>
    public static RecordedExchanges Of(Upstream upstream)
    {
        var log = new RecordedExchanges();
        upstream.AccessLog = log;
        return log;
    }

    public void Write(in ExchangeRecord record) => _records.Writer.TryWrite(record);

    /// <summary>The next one, which may have yet to end.</summary>
    public Task<ExchangeRecord> NextAsync() => _records.Reader.ReadAsync(RawConnection.TestEnds).AsTask();
}
