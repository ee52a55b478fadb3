using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Polly;

namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>One receiver: a bounded queue before it, and the loop that delivers one event after the other, so in order.</summary>
internal sealed class Webhook
{
    /// <summary>Events that wait for a receiver that is down. The oldest make room for new ones.</summary>
    private const int QueueLength = 100;

    private readonly HttpClient _client;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<WebhookDelivery> _queue;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly Task _delivering;

    /// <summary>Begins to deliver.</summary>
    public Webhook(WebhookOptions options, HttpClient client, ILogger logger, TimeProvider time)
    {
        Options = options;
        _client = client;
        _logger = logger;
        _time = time;
        _queue = Channel.CreateBounded<WebhookDelivery>(
            new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped => Drop(dropped, $"{QueueLength} more wait already"));
        _retries = WebhookRetries.Create(time, (problem, pause) =>
            _logger.LogWarning("Webhook {Place}: {Problem}; trying again in {Seconds:0.0} s", Options.Place, problem, pause.TotalSeconds));
        _delivering = Task.Run(DeliverAsync);
    }

    /// <summary>What it is.</summary>
    public WebhookOptions Options { get; }

    /// <summary>Puts an event into the queue.</summary>
    public void Enqueue(WebhookDelivery delivery) => _queue.Writer.TryWrite(delivery);

    /// <summary>Takes no more, and delivers what waits.</summary>
    /// <param name="patience">What is not delivered by then is dropped.</param>
    public async Task EndAsync(TimeSpan patience)
    {
        _queue.Writer.Complete();
        await _delivering.WaitAsync(patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _giveUp.CancelAsync();
        await _delivering;
    }

    private async Task DeliverAsync()
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync())
        {
            try
            {
                await DeliverAsync(delivery);
            }
            catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
            {
                Drop(delivery, "the front ends, or the webhook is configured no more");
            }
            catch (Exception e)
            {
                // Whatever it is, the next one is another attempt.
                Drop(delivery, e.Message);
            }
        }
    }

    private async Task DeliverAsync(WebhookDelivery delivery)
    {
        _giveUp.Token.ThrowIfCancellationRequested();
        using var answer = await _retries.ExecuteAsync(async cancel => await SendAsync(delivery, cancel), _giveUp.Token);
        if (!answer.IsSuccessStatusCode)
        {
            Drop(delivery, $"it answered {(int)answer.StatusCode}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(WebhookDelivery delivery, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Options.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("bluegreen", null));
        request.Headers.Add("X-Bluegreen-Event", delivery.Event);
        request.Headers.Add("X-Bluegreen-Delivery", delivery.Id);
        if (await SecretAsync(cancel) is { } secret)
        {
            request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(secret, _time.GetUtcNow(), delivery.Body));
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private async Task<string?> SecretAsync(CancellationToken cancel) =>
        Options.SecretFile is { } file ? (await File.ReadAllTextAsync(file, cancel)).TrimEnd('\r', '\n') : Options.Secret;

    private void Drop(WebhookDelivery delivery, string why) => _logger.LogError(
        "Webhook {Place}: the event {Event} of {App} is dropped (delivery {Id}): {Reason}", Options.Place, delivery.Event, delivery.App, delivery.Id, why);
}
