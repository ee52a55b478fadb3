using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BlueGreen.Agent.Control.Contracts;
using BlueGreen.Agent.Hosting.Webhooks;
using BlueGreen.Agent.Tests.Releases;
using Microsoft.Extensions.Time.Testing;

namespace BlueGreen.Agent.Tests.Hosting.Webhooks;

public sealed class WebhookTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly CapturedLog<WebhookSet> _log = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<Webhook> _webhooks = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var ending in _webhooks.Select(webhook => webhook.EndAsync(TimeSpan.FromSeconds(1))).ToArray())
        {
            await PassAsync(() => ending.IsCompleted);
        }

        _folder.Dispose();
    }

    [Fact]
    public void A_signature_is_an_HMAC_over_time_and_body() =>
        // printf '1700000000.{"event":"completed"}' | openssl dgst -sha256 -hmac whsec
        Assert.Equal(
            "t=1700000000,v1=" + OpenSsl,
            WebhookSignature.Of("whsec", _time.GetUtcNow(), "{\"event\":\"completed\"}"u8));

    [Fact(Timeout = 30_000)]
    public async Task A_delivery_says_what_it_is_and_is_signed()
    {
        var receiver = Receiver.Answering();
        var webhook = Begin(receiver, new WebhookOptions { Secret = "whsec" });

        webhook.Enqueue(Delivery("completed"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1);

        var (request, body) = receiver.Requests[0];
        Assert.Equal((HttpMethod.Post, "https://hooks.example.com/secret-path"), (request.Method, request.RequestUri!.ToString()));
        Assert.Equal("application/json", request.Content!.Headers.ContentType!.ToString());
        Assert.Equal("completed", request.Headers.GetValues("X-Bluegreen-Event").Single());
        Assert.Equal("id-completed", request.Headers.GetValues("X-Bluegreen-Delivery").Single());
        Assert.Equal(WebhookSignature.Of("whsec", _time.GetUtcNow(), body), request.Headers.GetValues(WebhookSignature.Header).Single());
    }

    [Fact(Timeout = 30_000)]
    public async Task The_secret_can_come_from_a_file_that_changes_and_without_one_nothing_is_signed()
    {
        var file = _folder.Write("secret", "first\n");
        var receiver = Receiver.Answering();
        var webhook = Begin(receiver, new WebhookOptions { SecretFile = file });
        webhook.Enqueue(Delivery("failed"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1);
        _folder.Write("secret", "second");
        webhook.Enqueue(Delivery("failed"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 2);
        Assert.Equal(
            [WebhookSignature.Of("first", _time.GetUtcNow(), "{}"u8), WebhookSignature.Of("second", _time.GetUtcNow(), "{}"u8)],
            receiver.Requests.Select(sent => sent.Request.Headers.GetValues(WebhookSignature.Header).Single()));

        var unsigned = Receiver.Answering();
        Begin(unsigned, new WebhookOptions()).Enqueue(Delivery("failed"));
        await Eventually.TrueAsync(() => unsigned.Requests.Count == 1);
        Assert.False(unsigned.Requests[0].Request.Headers.Contains(WebhookSignature.Header));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_fails_is_tried_again_with_a_signature_of_its_own_time_and_the_same_id()
    {
        var receiver = new Receiver(i => i switch
        {
            0 => throw new HttpRequestException("connection refused"),
            1 => new HttpResponseMessage(HttpStatusCode.InternalServerError),
            2 => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(90)) } },
            _ => new HttpResponseMessage(HttpStatusCode.NoContent),
        });
        var webhook = Begin(receiver, new WebhookOptions { Secret = "whsec" });

        webhook.Enqueue(Delivery("failed"));
        await PassAsync(() => receiver.Requests.Count == 4);

        Assert.Equal(4, receiver.Requests.Select(sent => sent.Request.Headers.GetValues(WebhookSignature.Header).Single()).Distinct().Count());
        Assert.Single(receiver.Requests.Select(sent => sent.Request.Headers.GetValues("X-Bluegreen-Delivery").Single()).Distinct());
        Assert.Equal(3, _log.Lines.Count);
        Assert.StartsWith("Warning: Webhook https://hooks.example.com: connection refused; trying again in ", _log.Lines.First(), StringComparison.Ordinal);
        Assert.Equal("Warning: Webhook https://hooks.example.com: it answered 429; trying again in 90.0 s", _log.Lines.Last());
    }

    [Theory(Timeout = 30_000)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Redirect)]
    public async Task What_would_fail_again_is_not_tried_again_and_the_next_one_goes_out(HttpStatusCode refusal)
    {
        var receiver = Receiver.Answering(refusal);
        var webhook = Begin(receiver, new WebhookOptions());

        webhook.Enqueue(Delivery("completed"));
        webhook.Enqueue(Delivery("failed"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 2);

        Assert.Equal(
            $"Error: Webhook https://hooks.example.com: the event completed of web is dropped (delivery id-completed): it answered {(int)refusal}",
            Assert.Single(_log.Lines));
    }

    [Fact(Timeout = 30_000)]
    public async Task One_that_stays_down_is_given_up_in_the_end_and_its_queue_drops_the_oldest()
    {
        var receiver = new Receiver(_ => throw new HttpRequestException("connection refused"));
        var webhook = Begin(receiver, new WebhookOptions());
        webhook.Enqueue(Delivery("first"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1);
        for (var i = 0; i < 102; i++)
        {
            webhook.Enqueue(Delivery($"{i}"));
        }

        string[] Dropped() => [.. _log.Lines.Where(line => line.Contains("is dropped", StringComparison.Ordinal))];
        Assert.Equal(2, Dropped().Length);
        Assert.Contains("the event 0 of web is dropped (delivery id-0): 100 more wait already", Dropped()[0], StringComparison.Ordinal);

        await PassAsync(() => Dropped().Length == 3);
        Assert.EndsWith("the event first of web is dropped (delivery id-first): connection refused", Dropped()[2], StringComparison.Ordinal);
        Assert.InRange(_time.GetUtcNow().ToUnixTimeSeconds() - 1_700_000_000, 600, 3600);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_waits_at_the_end_is_dropped_and_said()
    {
        var receiver = new Receiver(_ => throw new HttpRequestException("connection refused"));
        var webhook = new Webhook(new WebhookOptions { Url = new Uri("https://hooks.example.com/secret-path") }, new HttpClient(receiver), _log, _time);
        webhook.Enqueue(Delivery("completed"));
        webhook.Enqueue(Delivery("failed"));
        await Eventually.TrueAsync(() => receiver.Requests.Count > 0);

        var ending = webhook.EndAsync(TimeSpan.FromMilliseconds(1));
        await PassAsync(() => ending.IsCompleted);

        Assert.Equal(2, _log.Lines.Count(line => line.Contains("is dropped", StringComparison.Ordinal)));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("secret-path", StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task Only_what_is_wanted_is_sent_and_a_reload_keeps_what_did_not_change()
    {
        var one = new WebhookOptions { Url = new Uri("https://a.example.com"), Events = ["failed"], Apps = ["web"] };
        Assert.True(one.Wants("web", "failed"));
        Assert.False(one.Wants("web", "completed"));
        Assert.False(one.Wants("api", "failed"));
        Assert.True(new WebhookOptions().Wants("any", "rolledback"));
        Assert.Equal(one, one with { Events = [.. one.Events], Apps = [.. one.Apps] });
        Assert.NotEqual(one, one with { Secret = "x" });

        await using var set = new WebhookSet(_log, TimeProvider.System);
        set.Configure([one]);
        set.Publish(new DeploymentEvent { Event = "completed", App = "web", Kind = "deploy", At = default, ElapsedMs = 1 });
        set.Configure([one with { Events = [.. one.Events] }]);
        set.Configure([]);
        Assert.Empty(_log.Lines);
    }

    private const string OpenSsl = "6705cfea8063f526099a96fbf0eadf5cad2cc8ad493ddbda6d1f579364d1c313";

    private static WebhookDelivery Delivery(string name) => new($"id-{name}", name, "web", Encoding.UTF8.GetBytes("{}"));

    private Webhook Begin(Receiver receiver, WebhookOptions options)
    {
        var webhook = new Webhook(options with { Url = new Uri("https://hooks.example.com/secret-path") }, new HttpClient(receiver), _log, _time);
        _webhooks.Add(webhook);
        return webhook;
    }

    /// <summary>Lets time pass, some seconds at a time, until something has happened.</summary>
    private Task PassAsync(Func<bool> happened) => Eventually.TrueAsync(() =>
    {
        if (happened())
        {
            return true;
        }

        _time.Advance(TimeSpan.FromSeconds(0.5));
        return false;
    });
}
