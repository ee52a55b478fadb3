using System.Globalization;
using BlueGreen.Proxy.Upstreams;
using static BlueGreen.Proxy.Tests.Upstreams.BackendUnderTest;

namespace BlueGreen.Proxy.Tests.Upstreams;

/// <summary>The promise that everything stands on: a claim happens before a switch or after it, never between.</summary>
public sealed class SwitchRaceTests
{
    private const int Switches = 10_000;
    private const int Clients = 3;

    [Fact(Timeout = 60_000)]
    public async Task No_claim_lands_on_a_backend_after_the_switch_away_from_it_returned()
    {
        var upstream = Behind(Numbered(0));
        var oldestAllowed = 0;
        using var stop = new CancellationTokenSource();
        var started = Enumerable.Range(0, Clients).Select(_ => new TaskCompletionSource()).ToArray();
        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => ClaimUntilStoppedAsync(started[client]))).ToArray();
        var retired = new List<Backend>();
        var drains = new List<Task<DrainResult>>();

        await Task.WhenAll(started.Select(client => client.Task));
        for (var number = 1; number <= Switches; number++)
        {
            var replaced = upstream.Switch([Numbered(number)]);
            Volatile.Write(ref oldestAllowed, number);
            retired.AddRange(replaced);
            drains.AddRange(replaced.Select(backend => backend.DrainAsync(Never, TestContext.Current.CancellationToken)));
            if (number % 100 == 0)
            {
                await Task.Yield();
            }
        }

        await stop.CancelAsync();
        var claims = await Task.WhenAll(clients);
        var drained = await Task.WhenAll(drains);

        Assert.All(claims, count => Assert.True(count > 0));
        Assert.Equal(Switches, retired.Count);
        Assert.All(retired, backend => Assert.Equal(BackendState.Drained, backend.State));
        Assert.All(retired, backend => Assert.Equal(0, backend.InFlight.Total));
        Assert.Equal(0, upstream.Split.Backends.Single().InFlight.Total);
        Assert.All(drained, drain => Assert.Equal(0, drain.Cut));

        async Task<int> ClaimUntilStoppedAsync(TaskCompletionSource started)
        {
            var count = 0;
            while (!stop.IsCancellationRequested)
            {
                // What had been switched to before this claim began is the oldest that may answer it.
                var oldest = Volatile.Read(ref oldestAllowed);
                var (lease, failure) = await upstream.AcquireAsync(CancellationToken.None);
                Assert.Equal(AcquireFailure.None, failure);
                using (lease)
                {
                    var got = int.Parse(lease!.Backend.Id, CultureInfo.InvariantCulture);
                    Assert.True(got >= oldest, $"claimed {got} after the switch to {oldest} had returned");
                    AssertNotDrained(lease.Backend);
                    if (count % 7 == 0)
                    {
                        lease.Become(count % 2 == 0 ? RequestKind.Stream : RequestKind.Upgraded);
                        await Task.Yield();
                    }
                }

                count++;
                started.TrySetResult();
            }

            return count;
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Leases_given_back_while_deadlines_cut_them_are_counted_once_each()
    {
        for (var round = 0; round < 500; round++)
        {
            using var backend = Create();
            var leases = Enumerable.Range(0, 8).Select(_ => backend.Claim()).ToArray();
            backend.Retire();
            using var hurry = new CancellationTokenSource();
            var drain = backend.DrainAsync(Never, hurry.Token);

            var releases = leases.Select(lease => Task.Run(lease.Dispose, TestContext.Current.CancellationToken)).ToArray();
            var cut = Task.Run(hurry.Cancel, TestContext.Current.CancellationToken);
            await Task.WhenAll([.. releases, cut]);

            var result = await drain;
            Assert.Equal(leases.Length, result.Drained + result.Cut);
            Assert.Equal(leases.Count(lease => lease.WasCut), result.Cut);
            Assert.Equal(default, backend.InFlight);
        }
    }

    private static void AssertNotDrained(Backend claimed)
    {
        Assert.NotEqual(BackendState.Drained, claimed.State);
        if (claimed.State == BackendState.Draining)
        {
            Assert.False(claimed.DrainAsync(Never, TestContext.Current.CancellationToken).IsCompleted, $"{claimed.Id} was said to be drained while a request had it");
        }
    }

    private static Backend Numbered(int number) => Create(id: number.ToString(CultureInfo.InvariantCulture));
}
