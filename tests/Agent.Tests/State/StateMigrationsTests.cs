using System.Text.Json.Nodes;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Tests.State;

public sealed class StateMigrationsTests
{
    [Theory]
    [InlineData("""{"active":7,"workers":[{"release":7,"generation":4},{"release":7,"generation":5},{"release":8,"generation":6}]}""", "5")]
    [InlineData("""{"active":7,"workers":[{"release":8,"generation":6}]}""", "")]
    [InlineData("""{"active":7,"workers":[]}""", "")]
    [InlineData("""{"active":7}""", "")]
    [InlineData("""{"workers":[{"release":7,"generation":4}]}""", "")]
    [InlineData("""{"active":"x","workers":[{"release":7,"generation":4}]}""", "")]
    [InlineData("""{"active":7,"workers":[null,1,{"release":7},{"release":7,"generation":"4"}]}""", "")]
    [InlineData("""{"active":7,"workers":{"release":7,"generation":4}}""", "")]
    public void From_1_to_2_the_last_started_workers_of_the_active_release_are_those_that_serve(string app, string generation)
    {
        var json = JsonNode.Parse(app)!.AsObject();

        StateMigrations.Apply(json, 1);

        Assert.Equal(generation, json["activeGeneration"]?.ToJsonString() ?? "");
    }

    [Fact]
    public void The_current_version_stays_as_it_is()
    {
        var json = JsonNode.Parse("""{"active":7,"workers":[{"release":7,"generation":4}]}""")!.AsObject();

        StateMigrations.Apply(json, FrontState.CurrentVersion);

        Assert.Null(json["activeGeneration"]);
    }

    [Fact]
    public void There_is_a_step_from_every_version_there_was()
    {
        for (var version = 1; version <= FrontState.CurrentVersion; version++)
        {
            StateMigrations.Apply([], version);
        }
    }
}
