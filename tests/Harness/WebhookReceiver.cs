using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BlueGreen.Harness;

/// <summary>A receiver of webhooks, which checks their signatures as one is told to in the operating guide.</summary>
public sealed class WebhookReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _secret;
    private readonly ConcurrentQueue<JsonElement> _events = [];
    private readonly ConcurrentQueue<string> _refused = [];

    /// <summary>Begins to listen on a port of 127.0.0.1.</summary>
    public WebhookReceiver(int port, string secret)
    {
        _secret = secret;
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
        _listener.Start();
        _ = ReceiveAsync();
    }

    /// <summary>The events that came with the right signature, in order.</summary>
    public IReadOnlyList<JsonElement> Events => [.. _events];

    /// <summary>What came with a wrong one.</summary>
    public IReadOnlyList<string> Refused => [.. _refused];

    /// <summary>Waits until so many have come.</summary>
    public Task ReceivedAsync(int count) => Until.TrueAsync(() => _events.Count >= count);

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Take(context.Request.Headers["X-Bluegreen-Signature"] ?? "", body.ToArray());
            context.Response.StatusCode = (int)HttpStatusCode.NoContent;
            context.Response.Close();
        }
    }

    private void Take(string signature, byte[] body)
    {
        var parts = signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[^1]);
        var time = parts.GetValueOrDefault("t", "0");
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), Encoding.ASCII.GetBytes(time + ".").Concat(body).ToArray());
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(time, CultureInfo.InvariantCulture));
        if (age < TimeSpan.FromMinutes(5) && CryptographicOperations.FixedTimeEquals(Convert.FromHexString(parts.GetValueOrDefault("v1", "")), expected))
        {
            using var json = JsonDocument.Parse(body);
            _events.Enqueue(json.RootElement.Clone());
        }
        else
        {
            _refused.Enqueue(signature);
        }
    }
}
