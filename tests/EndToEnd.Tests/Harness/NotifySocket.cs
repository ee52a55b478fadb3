using System.Net.Sockets;
using System.Text;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A socket in systemd's place: keeps what a front tells it (sd_notify(3)), each message with its lines.</summary>
public sealed class NotifySocket : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Lock _gate = new();
    private readonly List<string> _messages = [];
    private readonly Task _reading;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NotifySocket(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _reading = ReadAsync();
    }

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_gate)
                return [.. _messages];
        }
    }

    /// <summary>How many of them were pings of the watchdog.</summary>
    public int Pings => Messages.Count(message => message == "WATCHDOG=1");

    /// <summary>Opens a socket and has the fronts of a folder started with it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isAbstract">Whether it is a name of the kernel's (unix(7)) instead of a path.</param>
    /// <param name="watchdog">The interval in which a front has to ping. Null: it has not.</param>
    public static NotifySocket Open(TestFolder folder, bool isAbstract = false, TimeSpan? watchdog = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder.In("notify");
        folder.Environment["NOTIFY_SOCKET"] = isAbstract ? $"@{path}" : path;
        if (watchdog is { } interval)
            folder.Environment["WATCHDOG_USEC"] = $"{interval.TotalMicroseconds:0}";
        return new NotifySocket(isAbstract ? $"\0{path}" : path);
    }

    /// <summary>Completes with the first message, received already or later, that contains a text.</summary>
    /// <param name="text">What it contains.</param>
    /// <param name="from">How many messages to pass over.</param>
    public Task<string> ToldAsync(string text, int from = 0) => ToldAsync(message => message.Contains(text, StringComparison.Ordinal), from);

    /// <summary>Completes when that many pings have come in all.</summary>
    public async Task PingedAsync(int count)
    {
        var pings = 0;
        await ToldAsync(message => message == "WATCHDOG=1" && ++pings == count, 0);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _socket.Dispose();
        _end.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"--- told to the service manager\n{string.Join('\n', Messages)}");
    }

    private async Task<string> ToldAsync(Predicate<string> matches, int from)
    {
        for (var next = from; ;)
        {
            Task news;
            lock (_gate)
            {
                for (; next < _messages.Count; next++)
                    if (matches(_messages[next]))
                        return _messages[next];
                news = _news.Task;
            }
            await news.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer.AsMemory(), _end.Token);
                TaskCompletionSource news;
                lock (_gate)
                {
                    _messages.Add(Encoding.UTF8.GetString(buffer, 0, length));
                    (news, _news) = (_news, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                }
                news.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed of: nobody asks any more.
        }
    }
}
