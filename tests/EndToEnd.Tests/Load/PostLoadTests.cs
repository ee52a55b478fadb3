using BlueGreen.Load;

namespace BlueGreen.EndToEnd.Tests.Load;

public sealed class PostLoadTests : IDisposable
{
    private const int Limit = 30_000;
    private readonly Lock _lock = new();
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"record-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_file);

    [Fact(Timeout = Limit)]
    public async Task Ids_recorded_once_each_are_exactly_once()
    {
        Append("a line of another load");
        Append("a line of another load");
        await using var server = new ScriptedServer((_, request) => RecordAsync(Id(request)));
        var report = await RunAsync(server, TestContext.Current.CancellationToken);
        Assert.True(report.IsExactlyOnce);
        Assert.Equal(100, report.Answered);
        Assert.Equal(102, File.ReadAllLines(_file).Length);
    }

    [Fact(Timeout = Limit)]
    public async Task An_id_that_was_answered_but_not_recorded_is_lost()
    {
        var dropped = "";
        await using var server = new ScriptedServer((number, request) =>
        {
            if (number != 7)
                return RecordAsync(Id(request));
            dropped = Id(request);
            return Task.FromResult(Reply.Good);
        });
        var report = await RunAsync(server, TestContext.Current.CancellationToken);
        Assert.Equal([dropped], report.Lost);
        Assert.Empty(report.Duplicated);
        Assert.False(report.IsExactlyOnce);
        Assert.Equal(0, report.Load.Failed);
    }

    [Fact(Timeout = Limit)]
    public async Task An_id_recorded_twice_is_duplicated()
    {
        var twice = "";
        await using var server = new ScriptedServer((number, request) =>
        {
            if (number == 7)
                Append(twice = Id(request));
            return RecordAsync(Id(request));
        });
        var report = await RunAsync(server, TestContext.Current.CancellationToken);
        Assert.Equal([twice], report.Duplicated);
        Assert.Empty(report.Lost);
        Assert.False(report.IsExactlyOnce);
    }

    [Fact(Timeout = Limit)]
    public async Task An_id_recorded_without_an_answer_is_unacknowledged_and_not_sent_again()
    {
        var silent = "";
        await using var server = new ScriptedServer((number, request) =>
        {
            var reply = RecordAsync(Id(request));
            if (number != 7)
                return reply;
            silent = Id(request);
            return Task.FromResult(new Reply("", Ending.Close));
        });
        var report = await RunAsync(server, TestContext.Current.CancellationToken);
        Assert.Equal([silent], report.Unacknowledged);
        Assert.Equal(1, report.Load.FailedAs(FailureKind.Closed));
        Assert.Equal(99, report.Answered);
        Assert.Empty(report.Duplicated);
        Assert.Empty(report.Lost);
        Assert.Equal(100, server.Requests);
    }

    [Fact(Timeout = Limit)]
    public async Task Without_a_record_every_answered_id_is_lost()
    {
        await using var server = new ScriptedServer();
        var report = await RunAsync(server, TestContext.Current.CancellationToken);
        Assert.Equal(100, report.Lost.Count);
    }

    private Task<PostReport> RunAsync(ScriptedServer server, CancellationToken cancel) =>
        new PostLoad(new LoadOptions { Target = server.Address, Connections = 5, Count = 100 })
            .RunAsync(_file, cancel);

    private Task<Reply> RecordAsync(string id)
    {
        Append(id);
        return Task.FromResult(Reply.Good);
    }

    private void Append(string line)
    {
        lock (_lock)
            File.AppendAllText(_file, line + "\n");
    }

    private static string Id(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
}
