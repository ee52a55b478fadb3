using System.Globalization;
using BlueGreen.Agent.Tests.Releases;
using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Workers.Limits;

/// <summary>Against folders and files that look like a tree of control groups; what the kernel makes of them is another matter.</summary>
public sealed class ControlGroupsTests : IDisposable
{
    private const long Limit = 64 * 1024 * 1024;

    private readonly TemporaryFolder _tree = new();
    private readonly string _home;

    public ControlGroupsTests()
    {
        _home = Group("unit.service", "memory pids");
    }

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void The_front_goes_to_a_leaf_then_the_controller_is_on_and_each_process_has_a_group_of_its_own()
    {
        Member(_home, Environment.ProcessId);

        var group = Groups(_home).Create("web.7.1", Limit);

        Assert.Equal(Text(Environment.ProcessId), Read(_home, "bluegreen-front/cgroup.procs"));
        Assert.Equal("+memory", Read(_home, "cgroup.subtree_control"));
        Assert.Equal($"{_home}/web.7.1-67108864", group.Folder);
        Assert.Equal("67108864", Read(group.Folder, "memory.max"));
        Assert.Equal($"{group.Folder}/cgroup.procs", group.Members);
    }

    [Fact]
    public void A_front_that_is_in_its_leaf_already_moves_nobody()
    {
        File.WriteAllText($"{_home}/cgroup.subtree_control", "memory pids\n");
        var leaf = Group("unit.service/bluegreen-front", "");

        Assert.Equal($"{_home}/web.7.1-67108864", Groups(leaf).Create("web.7.1", Limit).Folder);
        Assert.Equal("", Read(leaf, "cgroup.procs"));
    }

    [Fact]
    public void At_the_root_of_all_groups_nobody_has_to_move()
    {
        File.Delete($"{_home}/cgroup.type");
        Member(_home, 1);

        Groups(_home).Create("web.7.1", Limit);

        Assert.False(Directory.Exists($"{_home}/bluegreen-front"));
        Assert.Equal("+memory", Read(_home, "cgroup.subtree_control"));
    }

    [Fact]
    public void Workers_that_were_started_before_move_with_the_front()
    {
        Member(_home, Environment.ProcessId, 1);
        var moved = new List<int>();

        Groups(_home, pid =>
        {
            moved.Add(pid);
            return true;
        }).Create("web.7.1", Limit);

        Assert.Equal([1], moved);
    }

    [Fact]
    public void A_stranger_in_the_fronts_group_is_not_moved_but_named()
    {
        Member(_home, Environment.ProcessId, 1);

        var refused = Assert.Throws<LimitsException>(() => Groups(_home).Create("web.7.1", Limit));

        Assert.Matches($@"^limits\.memory: process 1 \(.+\) shares the front's control group {_home}: start the front in one of its own", refused.Message);
        Assert.Equal("", Read(_home, "cgroup.subtree_control"));
    }

    [Fact]
    public void Without_control_groups_of_version_2_it_is_refused()
    {
        var refused = Assert.Throws<LimitsException>(() => new ControlGroups(() => null, _ => false).Create("web.7.1", Limit));

        Assert.Equal(
            "limits.memory: this machine has no control groups of version 2 (cgroup2): boot it with systemd.unified_cgroup_hierarchy=1, or remove the key",
            refused.Message);
    }

    [Fact]
    public void Without_the_memory_controller_it_is_refused()
    {
        File.WriteAllText($"{_home}/cgroup.controllers", "pids\n");

        var refused = Assert.Throws<LimitsException>(() => Groups(_home).Create("web.7.1", Limit));

        Assert.StartsWith($"limits.memory: the front's control group {_home} has no memory controller: let the service manager delegate it (Delegate=memory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_may_be_written_it_is_refused()
    {
        // A folder in the place of the file stands for what the kernel says no to; permissions would not stop root.
        File.Delete($"{_home}/cgroup.subtree_control");
        Directory.CreateDirectory($"{_home}/cgroup.subtree_control");

        var refused = Assert.Throws<LimitsException>(() => Groups(_home).Create("web.7.1", Limit));

        Assert.StartsWith($"limits.memory: the front may not make control groups in {_home} (", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("let the service manager delegate it (Delegate=memory and no ProtectControlGroups= in the front's unit), or remove the key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_swapped_out_and_all_of_a_group_go_at_once_where_the_kernel_knows_how()
    {
        var groups = Groups(_home);
        var folder = groups.Create("web.7.1", Limit).Folder;
        File.WriteAllText($"{folder}/memory.swap.max", "max\n");
        File.WriteAllText($"{folder}/memory.oom.group", "0\n");

        Groups(_home).Create("web.7.1", Limit);

        Assert.Equal(("0", "1"), (Read(folder, "memory.swap.max"), Read(folder, "memory.oom.group")));
    }

    [Fact(Timeout = 30_000)]
    public async Task Groups_that_were_left_behind_go_but_not_those_in_use_nor_what_is_not_ours()
    {
        Directory.CreateDirectory($"{_home}/web.1.1-67108864");
        Directory.CreateDirectory($"{_home}/other");
        var groups = Groups(_home);
        var first = groups.Create("web.7.1", Limit);
        File.Delete($"{first.Folder}/memory.max");

        var second = groups.Create("web.7.2", Limit);

        Assert.False(Directory.Exists($"{_home}/web.1.1-67108864"));
        Assert.True(Directory.Exists($"{_home}/other") && Directory.Exists(first.Folder));
        await first.RemoveAsync();
        Assert.False(Directory.Exists(first.Folder));
        Assert.True(Directory.Exists(second.Folder));
    }

    [Fact(Timeout = 30_000)]
    public async Task What_runs_again_before_the_group_of_the_last_time_is_gone_has_another_one()
    {
        var groups = Groups(_home);
        var first = groups.Create("web.7.preflight", Limit);

        var second = groups.Create("web.7.preflight", Limit);

        Assert.Equal($"{_home}/web.7.preflight.2-67108864", second.Folder);
        File.Delete($"{first.Folder}/memory.max");
        await first.RemoveAsync();
        Assert.Equal(first.Folder, groups.Create("web.7.preflight", Limit).Folder);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_group_that_something_lives_on_in_is_left_for_later()
    {
        var groups = Groups(_home);
        var group = groups.Create("web.7.1", Limit);

        await group.RemoveAsync();
        Assert.True(Directory.Exists(group.Folder));

        File.Delete($"{group.Folder}/memory.max");
        groups.Create("web.7.2", Limit);
        Assert.False(Directory.Exists(group.Folder));
    }

    [Theory]
    [InlineData("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n", true)]
    [InlineData("low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\n", false)]
    [InlineData("", false)]
    public void The_kernel_says_whether_it_has_killed(string events, bool killed)
    {
        var group = Groups(_home).Create("web.7.1", Limit);
        Assert.False(group.HasKilled());

        File.WriteAllText($"{group.Folder}/memory.events", events);

        Assert.Equal(killed, group.HasKilled());
    }

    private ControlGroups Groups(string own, Func<int, bool>? isOurs = null) => new(() => new ControlGroupPlace(_tree.Path, own), isOurs ?? (_ => false));

    private string Group(string path, string controllers)
    {
        var folder = Directory.CreateDirectory(_tree[path]).FullName;
        File.WriteAllText($"{folder}/cgroup.controllers", controllers + "\n");
        File.WriteAllText($"{folder}/cgroup.subtree_control", "");
        File.WriteAllText($"{folder}/cgroup.type", "domain\n");
        File.WriteAllText($"{folder}/cgroup.procs", "");
        return folder;
    }

    private static void Member(string group, params int[] pids) => File.WriteAllLines($"{group}/cgroup.procs", pids.Select(Text));

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static string Read(string folder, string file) => File.ReadAllText(Path.Combine(folder, file));
}
