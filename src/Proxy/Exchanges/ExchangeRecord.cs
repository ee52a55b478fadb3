using System.Net;
using BlueGreen.Proxy.Upstreams;

namespace BlueGreen.Proxy.Exchanges;

/// <summary>
/// What became of one request: who asked what, which backend answered what, and how long each part took. Texts are as the client sent
/// them, each character a byte (Latin-1), and may hold anything.
/// </summary>
public readonly record struct ExchangeRecord
{
    /// <summary>When its head had arrived.</summary>
    public required DateTimeOffset Arrived { get; init; }

    /// <summary>Who asked; null where the connection has no address.</summary>
    public IPAddress? Client { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>The target, as it stood in the request.</summary>
    public required string Target { get; init; }

    /// <summary><c>HTTP/1.0</c>, <c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The host it was for, with its port where there was one. May be empty.</summary>
    public string? Host { get; init; }

    /// <summary>The Referer header. May be empty.</summary>
    public string? Referer { get; init; }

    /// <summary>The User-Agent header. May be empty.</summary>
    public string? UserAgent { get; init; }

    /// <summary>
    /// The status of the answer. 499 where the client went away before there was any; null where its stream was ended without one.
    /// </summary>
    public int? Status { get; init; }

    /// <summary>Bytes of the answer's body handed to the client's connection; of an upgraded one, all that went to the client.</summary>
    public long Bytes { get; init; }

    /// <summary>The backend that had it last; null where none had.</summary>
    public string? Backend { get; init; }

    /// <summary>What kind of exchange it was.</summary>
    public RequestKind Kind { get; init; }

    /// <summary>How long it waited until a backend was claimed for it, all times together where it was sent again.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// How long the connection took to make that was dialled for it; null where it did not wait for one of its own but went over
    /// one that was there, or became free first.
    /// </summary>
    public TimeSpan? Connect { get; init; }

    /// <summary>From its arrival to the head of the backend's answer; null where none came.</summary>
    public TimeSpan? FirstByte { get; init; }

    /// <summary>From its arrival to its end.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>How often it went to a backend again after one had failed it.</summary>
    public int Resent { get; init; }

    /// <summary>How it ended.</summary>
    public ExchangeEnd End { get; init; }
}
