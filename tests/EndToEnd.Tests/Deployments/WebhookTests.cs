using System.Globalization;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Deployments;

public sealed class WebhookTests : IDisposable
{
    private const string Secret = "whsec-0123456789";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 90_000)]
    public async Task A_receiver_that_is_down_gets_the_events_later_signed_and_in_order_and_no_deployment_waits_for_it()
    {
        var port = FreePort.Find();
        _folder.Write("secret", Secret + "\n");
        _folder.Configure(string.Create(CultureInfo.InvariantCulture, $"webhooks: [{{url: 'http://127.0.0.1:{port}/very-secret-path', secretFile: secret, events: [switched, completed, failed]}}]\napps: {{web: {{probation: 0s}}}}"));
        await using var front = await Front.StartAsync(_folder);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v1"))).Code);
        Assert.Equal(1, (await front.DeployAsync(SampleRelease.Make(_folder, "bad", "exit-at-start=7"))).Code);
        await front.LoggedAsync("trying again in ");

        using var receiver = new WebhookReceiver(port, Secret);
        await receiver.ReceivedAsync(3);

        Assert.Equal(["switched", "completed", "failed"], receiver.Events.Select(told => told.GetProperty("event").GetString()));
        Assert.Equal(["v1", "v1", "bad"], receiver.Events.Select(told => told.GetProperty("label").GetString()));
        Assert.Equal("probing", receiver.Events[2].GetProperty("step").GetString());
        Assert.Empty(receiver.Refused);
        Assert.DoesNotContain("secret-path", front.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, front.Log, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_front_that_stops_waits_for_no_receiver_that_is_down()
    {
        _folder.Configure(string.Create(CultureInfo.InvariantCulture, $"webhooks: {{url: 'http://127.0.0.1:{FreePort.Find()}/'}}\napps: {{web: {{probation: 0s}}}}"));
        await using var front = await Front.StartAsync(_folder);
        Assert.Equal(0, (await front.DeployAsync(SampleRelease.Make(_folder, "v1"))).Code);

        Assert.Equal(0, await front.StopAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        Assert.Contains("the event completed of web is dropped", front.Log, StringComparison.Ordinal);
    }
}
