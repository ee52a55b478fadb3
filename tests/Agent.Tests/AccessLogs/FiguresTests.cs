using BlueGreen.Agent.AccessLogs;

namespace BlueGreen.Agent.Tests.AccessLogs;

public sealed class FiguresTests
{
    [Theory]
    [InlineData("web.7.1", 7)]
    [InlineData("my-app_2.1234.56", 1234)]
    [InlineData("web.7", null)]
    [InlineData("web.x.1", null)]
    [InlineData("web", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_release_is_told_by_the_id_of_the_worker(string? worker, int? release) => Assert.Equal(release, Figures.Release(worker));
}
