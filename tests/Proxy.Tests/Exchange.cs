namespace BlueGreen.Proxy.Tests;

/// <summary>A request on its way: both ends, and the head that reached the worker.</summary>
internal sealed record Exchange(RawConnection Client, RawConnection Worker, string Seen) : IDisposable
{
    /// <summary>The worker answers, and the client reads the head of what arrives.</summary>
    public async Task<string> AnswerAsync(string answer)
    {
        await Worker.WriteAsync(answer);
        return await Client.ReadHeadAsync();
    }

    public void Dispose()
    {
        Client.Dispose();
        Worker.Dispose();
    }
}
