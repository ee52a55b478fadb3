using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Deployments.Processes;

public sealed class OneGroupTests
{
    [Fact]
    public void Types_of_several_users_need_one_group()
    {
        Assert.Equal(
            "limits.group: the process types of web that run as other users read one release, which lets one group in: give cron and queue, web the same group",
            OneGroup.FindProblem(App(("web", "daemon", null), ("queue", "daemon", null), ("cron", "nobody", null), ("other", null, null))));
        Assert.Null(OneGroup.FindProblem(App(("web", "daemon", null), ("cron", "nobody", "daemon"), ("other", null, null))));
        Assert.Null(OneGroup.FindProblem(App()));
    }

    private static AppOptions App(params (string Type, string? User, string? Group)[] types) => new()
    {
        Processes = types.ToDictionary(
            type => type.Type, type => new ProcessTypeOptions { Limits = new ProcessLimits { User = type.User, Group = type.Group } }),
    };
}
