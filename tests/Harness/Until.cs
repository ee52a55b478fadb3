namespace BlueGreen.Harness;

/// <summary>Waits for what nothing tells of: the state of another process.</summary>
public static class Until
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks again and again until the condition holds; the test's time limit bounds it.</summary>
    public static async Task TrueAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(Look, TimeLimit.Token);
    }

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(Look, TimeLimit.Token);
    }
}
