using System.Collections.Immutable;
using System.Text.Json;
using BlueGreen.Agent.Control.Contracts;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Agent.Hosting.Webhooks;

/// <summary>The webhooks of a front. Changed by its start, by reloads and by its end, one at a time; events come from any thread.</summary>
internal sealed class WebhookSet(ILogger<WebhookSet> logger, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What receivers have at the end of the front, or of theirs.</summary>
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        // A redirected POST becomes a GET in most hands (RFC 9110, 15.4): better said than done.
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private ImmutableArray<Webhook> _webhooks = [];
    private Task _ending = Task.CompletedTask;

    /// <summary>Makes the webhooks those that are configured. One that stays as it was keeps its queue.</summary>
    public void Configure(IReadOnlyList<WebhookOptions> configured)
    {
        var before = _webhooks;
        ImmutableArray<Webhook> after =
            [.. configured.Select(options => before.FirstOrDefault(one => one.Options.Equals(options)) ?? new Webhook(options, _client, logger, time))];
        ImmutableInterlocked.InterlockedExchange(ref _webhooks, after);
        _ending = Task.WhenAll([_ending, .. before.Except(after).Select(one => one.EndAsync(LastPatience))]);
    }

    /// <summary>Passes on an event; returns at once.</summary>
    public void Publish(DeploymentEvent told)
    {
        WebhookDelivery? delivery = null;
        foreach (var webhook in _webhooks)
        {
            if (webhook.Options.Wants(told.App, told.Event))
            {
                webhook.Enqueue(delivery ??= new WebhookDelivery(
                    Guid.CreateVersion7().ToString(), told.Event, told.App, JsonSerializer.SerializeToUtf8Bytes(told, ControlJson.Lines.DeploymentEvent)));
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Configure([]);
        await _ending;
        _client.Dispose();
    }
}
