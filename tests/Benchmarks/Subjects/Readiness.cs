using System.Text;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.Benchmarks.Subjects;

/// <summary>Waits until a program that was just started answers.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly byte[] Get = Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Running.Topology.Host}\r\n\r\n");

    /// <summary>Completes with the first answer 200.</summary>
    /// <exception cref="InvalidOperationException">The program has ended instead.</exception>
    public static async Task WaitAsync(Uri address, StartedProcess process)
    {
        while (!await IsAnsweredAsync(address))
        {
            if (process.Exited is { IsCompleted: true } exited)
                throw new InvalidOperationException($"It ended with code {await exited} before it answered on {address}:\n{process}");
            await Task.Delay(Look, TimeLimit.Token);
        }
    }

    private static async Task<bool> IsAnsweredAsync(Uri address)
    {
        try
        {
            using var connection = await HttpConnection.ConnectAsync(address, cancel: TimeLimit.Token);
            return (await connection.ExchangeAsync(Get, TimeLimit.Token)).Status == 200;
        }
        catch (ExchangeFailedException)
        {
            return false;
        }
    }
}
