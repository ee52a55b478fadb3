using BlueGreen.Proxy.Exchanges;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Agent.AccessLogs;

/// <summary>What both forms of a line say in the same words.</summary>
internal static class Figures
{
    /// <summary>Milliseconds with three digits behind the point.</summary>
    public static decimal? Milliseconds(TimeSpan? duration)
    {
        if (duration is not { } measured)
        {
            return null;
        }

        var microseconds = Math.Max(0, measured.Ticks / TimeSpan.TicksPerMicrosecond);
        return new decimal((int)microseconds, (int)(microseconds >> 32), hi: 0, isNegative: false, scale: 3);
    }

    /// <summary>The protocol as other servers write it: Kestrel alone says HTTP/2 without the zero.</summary>
    public static string Protocol(string protocol) => protocol == "HTTP/2" ? "HTTP/2.0" : protocol;

    /// <summary>The release a worker runs, by its id APP.RELEASE.N; null where there is no worker.</summary>
    public static int? Release(string? worker)
    {
        if (worker is null)
        {
            return null;
        }

        var first = worker.IndexOf('.', StringComparison.Ordinal) + 1;
        var last = worker.LastIndexOf('.');
        return last > first && int.TryParse(worker.AsSpan(first..last), out var release) ? release : null;
    }

    /// <summary>A kind of exchange.</summary>
    public static ReadOnlySpan<byte> Word(RequestKind kind) => kind switch
    {
        RequestKind.Stream => "stream"u8,
        RequestKind.Upgraded => "upgraded"u8,
        _ => "request"u8,
    };

    /// <summary>How an exchange ended.</summary>
    public static ReadOnlySpan<byte> Word(ExchangeEnd end) => end switch
    {
        ExchangeEnd.Complete => "complete"u8,
        ExchangeEnd.ClientGone => "clientGone"u8,
        ExchangeEnd.Cut => "cut"u8,
        _ => "error"u8,
    };
}
