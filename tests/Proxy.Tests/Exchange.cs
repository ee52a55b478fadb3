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

    /// <summary>Another request on the same connections: the one before must have left both where the next one starts.</summary>
    public async Task GoOnAsync()
    {
        await Client.WriteAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("GET /next HTTP/1.1", (await Worker.ReadHeadAsync()).StartLine());
        await Worker.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext");
        Assert.EndsWith("\r\n\r\nnext", await Client.ReadMessageAsync(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Client.Dispose();
        Worker.Dispose();
    }
}
