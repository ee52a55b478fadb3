using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Workers.Limits;

public sealed class ControlGroupPlaceTests
{
    private const string Unified = "30 24 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot";
    private const string Hybrid = "31 24 0:27 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw";
    private const string OfContainer = "40 24 0:26 /docker/abc /sys/fs/cgroup ro,relatime master:4 - cgroup2 cgroup rw";
    private const string Memory1 = "32 24 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";

    [Theory]
    [InlineData(Unified, "0::/system.slice/bluegreen.service", "/sys/fs/cgroup", "/sys/fs/cgroup/system.slice/bluegreen.service")]
    [InlineData(Unified, "0::/", "/sys/fs/cgroup", "/sys/fs/cgroup")]
    [InlineData(Hybrid, "0::/a", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified/a")]
    [InlineData(OfContainer, "0::/docker/abc/front", "/sys/fs/cgroup", "/sys/fs/cgroup/front")]
    [InlineData(OfContainer, "0::/docker/abc", "/sys/fs/cgroup", "/sys/fs/cgroup")]
    public void The_own_group_is_found_below_the_mount(string mount, string group, string root, string own)
    {
        Assert.Equal(new ControlGroupPlace(root, own), ControlGroupPlace.Parse([Memory1, mount], ["4:memory:/elsewhere", group]));
    }

    [Theory]
    [InlineData(Memory1, "0::/")]
    [InlineData(Unified, "4:memory:/a")]
    [InlineData(OfContainer, "0::/docker/abcd")]
    [InlineData(OfContainer, "0::/")]
    [InlineData(Unified, "0::../outside")]
    public void Where_there_is_no_tree_or_its_own_group_is_not_in_it_there_is_no_place(string mount, string group)
    {
        Assert.Null(ControlGroupPlace.Parse([mount], [group]));
    }
}
