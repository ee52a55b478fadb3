using BlueGreen.Agent.Workers.Limits;

namespace BlueGreen.Agent.Tests.Workers.Limits;

public sealed class LimitsCheckTests
{
    private const ulong All = ulong.MaxValue;

    private static readonly FrontPowers Root = new(Uid: 0, Gid: 0, All, Nice: 0, LeastNice: 20, HardFiles: 1024);
    private static readonly FrontPowers Ordinary = new(Uid: 33, Gid: 33, Capabilities: 0, Nice: 0, LeastNice: 20, HardFiles: 1024);

    [Fact]
    public void Root_may_give_all_there_is()
    {
        Assert.Empty(LimitsCheck.Problems(new() { User = "daemon", Group = "nogroup", Nice = -20, OpenFiles = 100_000 }, Root));
    }

    [Fact]
    public void An_ordinary_user_may_give_less_of_what_it_has_and_itself()
    {
        Assert.Empty(LimitsCheck.Problems(new() { User = "www-data", Nice = 19, OpenFiles = 1024, Memory = 1L << 30, Folder = "app" }, Ordinary));
        Assert.Empty(LimitsCheck.Problems(new() { User = "33", Group = "33", Nice = 0 }, Ordinary));
    }

    [Theory]
    [InlineData("nosuch", null, "user: this machine has no user 'nosuch': create it (useradd --system nosuch), or name another")]
    [InlineData("4294967000", null, "user: this machine has no user '4294967000': create it (useradd --system 4294967000), or name another")]
    [InlineData("daemon", "nosuch", "group: this machine has no group 'nosuch': create it (groupadd --system nosuch), or name another")]
    public void Who_is_not_there_is_named(string user, string? group, string problem)
    {
        Assert.Equal([problem], LimitsCheck.Problems(new() { User = user, Group = group }, Root));
        Assert.Equal([problem], LimitsCheck.Problems(new() { User = user, Group = group }, Ordinary));
    }

    [Fact]
    public void Another_user_takes_root()
    {
        const string line = "user: a front of user www-data cannot start processes as 'daemon': run the front as root, or remove the key";
        Assert.Equal([line], LimitsCheck.Problems(new() { User = "daemon" }, Ordinary));
        Assert.Equal([line.Replace("daemon", "www-data", StringComparison.Ordinal)], LimitsCheck.Problems(new() { User = "www-data", Group = "daemon" }, Ordinary));
    }

    [Fact]
    public void A_root_that_was_not_left_all_its_rights_is_told_which_are_missing()
    {
        const ulong withoutKillAndPtrace = All & ~(1ul << 5) & ~(1ul << 19);

        Assert.Equal(
            ["user: the front cannot start processes as 'daemon' without CAP_KILL, CAP_SYS_PTRACE: allow it these (in its unit: CapabilityBoundingSet=, and an empty User=, since User=root costs CAP_SETUID), or remove the key"],
            LimitsCheck.Problems(new() { User = "daemon" }, Root with { Capabilities = withoutKillAndPtrace }));
    }

    [Fact]
    public void A_higher_priority_than_its_own_takes_root_or_a_limit_that_allows_it()
    {
        Assert.Equal(
            ["nice: a front of user www-data cannot go below 5: write that or more, or run the front as root or with CAP_SYS_NICE"],
            LimitsCheck.Problems(new() { Nice = 4 }, Ordinary with { Nice = 5 }));
        Assert.Empty(LimitsCheck.Problems(new() { Nice = 4 }, Ordinary with { Nice = 5, LeastNice = -2 }));
        Assert.Empty(LimitsCheck.Problems(new() { Nice = -1 }, Ordinary with { Capabilities = 1ul << 23 }));
    }

    [Fact]
    public void More_files_than_its_own_take_root_and_none_may_have_more_than_the_machine_allows()
    {
        Assert.Equal(
            ["files: the front may open no more than 1024 itself: raise its own limit (LimitNOFILE= of its unit, ulimit -Hn), or write that or less"],
            LimitsCheck.Problems(new() { OpenFiles = 1025 }, Ordinary));
        Assert.Empty(LimitsCheck.Problems(new() { OpenFiles = 1025 }, Ordinary with { Capabilities = 1ul << 24 }));
        Assert.Equal(
            [$"files: this machine lets no process open more than {FrontPowers.MostFiles}: write that or less, or raise fs.nr_open (sysctl)"],
            LimitsCheck.Problems(new() { OpenFiles = int.MaxValue }, Root));
    }

    [Fact]
    public void What_this_process_may_do_is_what_the_kernel_says()
    {
        var powers = FrontPowers.Current();

        Assert.Equal(Environment.IsPrivilegedProcess, powers.Uid == 0);
        Assert.InRange(powers.Nice, -20, 19);
        Assert.InRange(powers.LeastNice, -20, 20);
        Assert.InRange(powers.HardFiles, 64, long.MaxValue);
        Assert.True(powers.MayNice(powers.Nice) && powers.MayOpen((int)Math.Min(powers.HardFiles, int.MaxValue)));
    }

    [Fact]
    public void Limits_that_only_name_a_folder_or_nothing_confine_nothing()
    {
        Assert.Null(TestUser.Confine(ProcessLimits.None));
        Assert.Null(TestUser.Confine(new() { Folder = "app" }));
    }

    [Fact]
    public void The_fronts_own_user_needs_no_rights()
    {
        var own = FrontPowers.Current();

        var confinement = Confinement.Of(new() { User = $"{own.Uid}", Nice = 19 }, "web.1.1", TestUser.NoGroups, () => own with { Capabilities = 0 });

        Assert.Null(confinement!.Account);
    }
}
