using System.Globalization;
using System.Text.RegularExpressions;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>ApacheBench (ab(1)), and what its report says.</summary>
public sealed partial class ApacheBench : IAsyncDisposable
{
    private readonly StartedProcess _process;

    private ApacheBench(StartedProcess process)
    {
        _process = process;
    }

    /// <summary>Whether it has not ended yet.</summary>
    public bool IsRunning => !_process.Exited.IsCompleted;

    /// <summary>Starts it, ten requests at a time.</summary>
    /// <param name="target">What it asks for.</param>
    /// <param name="requests">How often.</param>
    /// <param name="keepAlive">Whether connections are used again.</param>
    public static ApacheBench Start(Uri target, int requests, bool keepAlive)
    {
        ArgumentNullException.ThrowIfNull(target);
        // -l: answers may differ in length, as the name of a release does. -r is not given: it ends at the first reset connection.
        string[] arguments = ["-l", "-c", "10", "-n", requests.ToString(CultureInfo.InvariantCulture), target.AbsoluteUri];
        return new ApacheBench(StartedProcess.Start("ab", keepAlive ? ["-k", .. arguments] : arguments, Path.GetTempPath()));
    }

    /// <summary>Waits until it has begun to get answers.</summary>
    public Task FlowsAsync() => _process.WaitForLineAsync(line => line.StartsWith("Completed ", StringComparison.Ordinal));

    /// <summary>Waits for its end, and checks that every request had a 2xx answer.</summary>
    /// <param name="requests">How many it had to do.</param>
    /// <param name="keepAlive">Whether all have to have used a connection that was kept.</param>
    public async Task AssertFlawlessAsync(int requests, bool keepAlive)
    {
        var code = await _process.Exited.WaitAsync(TestContext.Current.CancellationToken);
        var report = _process.ToString();
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.Equal(0, code);
        Assert.Equal(requests, Number(report, "Complete requests"));
        Assert.Equal(0, Number(report, "Failed requests"));
        Assert.DoesNotContain("Non-2xx responses", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Write errors", report, StringComparison.Ordinal);
        if (keepAlive)
            Assert.Equal(requests, Number(report, "Keep-Alive requests"));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int Number(string report, string field) => int.Parse(
        Field().Matches(report).Single(match => match.Groups[1].Value == field).Groups[2].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^([A-Z][^:\n]+):\s+(\d+)$", RegexOptions.Multiline)]
    private static partial Regex Field();
}
