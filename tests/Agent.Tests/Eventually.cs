namespace BlueGreen.Agent.Tests;

/// <summary>Waits for what no event tells: the end of another process's child, a line in a file.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns once the condition holds. The time limit is the test's.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(Look, TestContext.Current.CancellationToken);
        }
    }
}
