using BlueGreen.Agent.Deployments;
using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Deployments;

public sealed class GenerationsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_number_is_higher_than_the_one_before_and_goes_on_after_a_restart()
    {
        var numbers = new Generations(State());

        Assert.Equal([1L, 2L, 3L], [numbers.Take("web"), numbers.Next("web"), numbers.Take("web")]);
        Assert.Equal(1, numbers.Take("api"));
        Assert.Equal(4, new Generations(State()).Next("web"));
    }

    [Fact]
    public void None_is_given_twice_where_they_cannot_be_written_down()
    {
        var state = State();
        var numbers = new Generations(state);
        numbers.Take("web");
        Directory.Delete(_folder.Path, recursive: true);

        Assert.Equal([2L, 3L], [numbers.Take("web"), numbers.Next("web")]);

        Assert.Equal(1, state.Current.App("web").Generation);
    }

    [Fact]
    public void Those_that_are_seen_elsewhere_are_skipped()
    {
        var numbers = new Generations(State());

        numbers.Skip("web", 41);
        numbers.Skip("web", 7);

        Assert.Equal(42, numbers.Take("web"));
    }

    private StateFile State() => StateFile.Open(_folder.Path, new CapturedLog<StateFile>());
}
