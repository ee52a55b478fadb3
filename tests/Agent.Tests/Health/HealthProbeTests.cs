using System.Net;
using System.Net.Sockets;
using BlueGreen.Agent.Health;
using BlueGreen.Agent.Tests.Releases;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Health;

public sealed class HealthProbeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 30_000)]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(299, true)]
    [InlineData(301, false)]
    [InlineData(304, false)]
    [InlineData(401, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task Only_a_2xx_passes(int status, bool passes)
    {
        await using var worker = RawWorker.Answering(status);

        var result = await CheckAsync(worker.EndPoint);

        Assert.Equal(new ProbeResult(passes, $"GET /healthz answered {status}"), result);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(200, true)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task Where_no_path_is_configured_a_404_falls_back_to_the_root(int rootStatus, bool passes)
    {
        await using var worker = RawWorker.Start(line =>
            RawWorker.Answer(line.StartsWith("GET / ", StringComparison.Ordinal) ? rootStatus : 404));

        var result = await CheckAsync(worker.EndPoint);

        Assert.Equal(new ProbeResult(passes, $"GET / answered {rootStatus}"), result);
        Assert.Equal(2, worker.Asked.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_configured_path_that_answers_404_fails()
    {
        await using var worker = RawWorker.Start(line =>
            RawWorker.Answer(line.StartsWith("GET / ", StringComparison.Ordinal) ? 200 : 404));

        var result = await CheckAsync(worker.EndPoint, new HealthOptions { Path = "/ready?deep=1" });

        Assert.Equal(new ProbeResult(false, "GET /ready?deep=1 answered 404"), result);
        Assert.StartsWith("GET /ready?deep=1 HTTP/1.1\r\n", Assert.Single(worker.Asked), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Each_check_has_a_connection_of_its_own()
    {
        await using var worker = RawWorker.Answering(200);
        using var probe = new HealthProbe(worker.EndPoint, new HealthOptions(), TimeProvider.System);

        Assert.True((await probe.CheckAsync(Token)).Passed);
        Assert.True((await probe.CheckAsync(Token)).Passed);

        Assert.Equal(2, worker.Asked.Count);
        Assert.All(worker.Asked, head => Assert.Contains("Connection: close", head, StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_answer_that_is_not_http_fails()
    {
        await using var worker = RawWorker.Start(_ => "-ERR unknown command\r\n");

        var result = await CheckAsync(worker.EndPoint);

        Assert.False(result.Passed);
        Assert.StartsWith("GET /healthz was not answered in HTTP: ", result.Description, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_connection_that_is_closed_without_an_answer_fails()
    {
        await using var worker = RawWorker.Start(_ => "");

        var result = await CheckAsync(worker.EndPoint);

        Assert.False(result.Passed);
        Assert.StartsWith("GET /healthz ", result.Description, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Silence_fails_after_the_timeout()
    {
        await using var worker = RawWorker.Start(_ => null);
        var time = new FakeTimeProvider();
        var options = new HealthOptions { Timeout = TimeSpan.FromSeconds(1.5) };
        using var probe = new HealthProbe(worker.EndPoint, options, time);
        var checking = probe.CheckAsync(Token);
        await Eventually.TrueAsync(() => worker.Asked.Count == 1);
        Assert.False(checking.IsCompleted);

        time.Advance(options.Timeout);

        Assert.Equal(new ProbeResult(false, "GET /healthz had no answer within 1.5 s"), await checking);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_port_nobody_listens_on_fails_at_once()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var result = await CheckAsync(bound.LocalEndPoint!);

        Assert.Equal(new ProbeResult(false, "GET /healthz: connection refused"), result);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_unix_socket_is_asked_like_a_port()
    {
        using var folder = new TemporaryFolder();
        await using var worker = RawWorker.Answering(200, new UnixDomainSocketEndPoint(folder["w.sock"]));

        Assert.Equal(new ProbeResult(true, "GET /healthz answered 200"), await CheckAsync(worker.EndPoint));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_unix_socket_that_is_not_there_yet_fails()
    {
        using var folder = new TemporaryFolder();

        var result = await CheckAsync(new UnixDomainSocketEndPoint(folder["w.sock"]));

        Assert.Equal(new ProbeResult(false, $"GET /healthz: there is no socket at {folder["w.sock"]}"), result);
    }

    [Fact(Timeout = 30_000)]
    public async Task Giving_up_is_an_exception_not_a_result()
    {
        await using var worker = RawWorker.Start(_ => null);
        using var probe = new HealthProbe(worker.EndPoint, new HealthOptions(), TimeProvider.System);
        using var giveUp = new CancellationTokenSource();
        var checking = probe.CheckAsync(giveUp.Token);
        await Eventually.TrueAsync(() => worker.Asked.Count == 1);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => checking);
    }

    private static async Task<ProbeResult> CheckAsync(EndPoint worker, HealthOptions? options = null)
    {
        using var probe = new HealthProbe(worker, options ?? new HealthOptions(), TimeProvider.System);
        return await probe.CheckAsync(Token);
    }
}
