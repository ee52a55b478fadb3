using System.Text.Json;
using BlueGreen.Agent.Cli;
using BlueGreen.Agent.Control.Contracts;

namespace BlueGreen.Agent.Tests.Cli;

public sealed class DeploymentTextTests
{
    private const string Known =
        "\"app\":\"web\",\"kind\":\"deploy\",\"at\":\"2026-01-02T03:04:05Z\",\"release\":7,\"label\":\"v2\",\"elapsedMs\":312";

    [Theory]
    [InlineData("\"event\":\"fetching\",\"source\":\"/srv/v2\"", "fetching /srv/v2")]
    [InlineData("\"event\":\"preparing\",\"digest\":\"sha256:0123456789abcdef0123456789abcdef\"", "preparing sha256:0123456789ab")]
    [InlineData("\"event\":\"starting\",\"workers\":1,\"command\":\"./server\"", "starting release 7 (v2): 1 worker of ./server")]
    [InlineData("\"event\":\"starting\",\"workers\":3,\"command\":\"./server\"", "starting release 7 (v2): 3 workers of ./server")]
    [InlineData("\"event\":\"releasing\",\"command\":\"./migrate up\"", "releasing release 7 (v2): ./migrate up")]
    [InlineData("\"event\":\"probing\",\"workers\":1", "probing 1 worker")]
    [InlineData("\"event\":\"probing\",\"workers\":2", "probing 2 workers")]
    [InlineData("\"event\":\"warming\"", "warming")]
    [InlineData("\"event\":\"warming\",\"workers\":1,\"requests\":60", "warming up 1 worker with 60 requests")]
    [InlineData("\"event\":\"warming\",\"workers\":2,\"requests\":60", "warming up 2 workers with 60 requests each")]
    [InlineData(
        "\"event\":\"warming\",\"workers\":2,\"answered\":120,\"unexpected\":0,\"firstRoundMs\":182.3,\"lastRoundMs\":1.2",
        "warmed up 2 workers: 120 requests answered, the slowest of the first round after 182.3 ms, of the last after 1.2 ms")]
    [InlineData(
        "\"event\":\"warming\",\"workers\":1,\"answered\":3,\"unexpected\":1,\"firstRoundMs\":2000",
        "warmed up 1 worker: 3 requests answered, the slowest of the first round after 2000 ms; 1 not as they should be")]
    [InlineData("\"event\":\"warming\",\"share\":0", "slow start of release 7 (v2)")]
    [InlineData("\"event\":\"warming\",\"share\":25", "slow start: 25 % of new requests go to release 7 (v2)")]
    [InlineData("\"event\":\"switched\",\"readyAfterMs\":250", "switched to release 7 (v2) after 312 ms (ready after 250 ms)")]
    [InlineData("\"event\":\"draining\",\"inFlight\":0", "draining")]
    [InlineData("\"event\":\"draining\",\"inFlight\":1", "draining 1 request in flight")]
    [InlineData("\"event\":\"draining\",\"inFlight\":12", "draining 12 requests in flight")]
    [InlineData("\"event\":\"completed\",\"drained\":0,\"cut\":0", "completed: nothing was in flight on the old release")]
    [InlineData("\"event\":\"completed\",\"drained\":5,\"cut\":2", "completed: 5 finished on the old release, 2 cut")]
    [InlineData("\"event\":\"completed\",\"drained\":0,\"cut\":2", "completed: 0 finished on the old release, 2 cut")]
    [InlineData("\"event\":\"failed\",\"step\":\"probing\",\"reason\":\"it crashed\"", "failed at probing: it crashed")]
    [InlineData("\"event\":\"analysing\"", "analysing")]
    public void An_event_is_one_sentence(string fields, string sentence)
    {
        var told = Told(fields);

        Assert.Equal(sentence, DeploymentText.Sentence(told));
        Assert.Equal($"web: {sentence}", DeploymentText.Of(told).First());
    }

    [Fact]
    public void Only_a_failure_has_more_than_one_line() =>
        Assert.Single(DeploymentText.Of(Told("\"event\":\"completed\",\"drained\":5,\"cut\":2")));

    [Fact]
    public void A_failure_shows_what_the_worker_printed_and_who_serves()
    {
        var lines = DeploymentText.Of(Told(
            "\"event\":\"failed\",\"step\":\"probing\",\"reason\":\"it crashed\",\"output\":[\"one\",\"two\"],\"stillActive\":6"));

        Assert.Equal(["web: failed at probing: it crashed", "    one", "    two", "web: release 6 still serves"], lines);
    }

    [Fact]
    public void What_a_release_phase_prints_is_indented_below_its_step() =>
        Assert.Equal(["    one", "    two"], DeploymentText.Of(Told("\"event\":\"releasing\",\"output\":[\"one\",\"two\"]")));

    [Fact]
    public void A_failure_of_the_first_release_says_that_nothing_serves() =>
        Assert.Equal(
            ["web: failed at fetching: no", "web: nothing serves"],
            DeploymentText.Of(Told("\"event\":\"failed\",\"step\":\"fetching\",\"reason\":\"no\"")));

    private static DeploymentEvent Told(string fields) =>
        JsonSerializer.Deserialize($"{{{Known},{fields}}}", ControlJson.Lines.DeploymentEvent)!;
}
