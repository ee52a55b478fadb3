using BlueGreen.Agent.Deployments.Processes;
using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Deployments.Processes;

public sealed class WorkingFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Release => _folder["release"];

    public WorkingFolderTests()
    {
        Directory.CreateDirectory(_folder["release/app/inner"]);
        Directory.CreateDirectory(_folder["outside"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("app", "release/app")]
    [InlineData("./app/inner/", "release/app/inner")]
    [InlineData("app/../app", "release/app")]
    [InlineData(".", "release")]
    public void A_relative_one_lies_in_the_release(string given, string folder) => Assert.Equal(_folder[folder], WorkingFolder.In(Release, given));

    [Fact]
    public void An_absolute_one_lies_where_it_likes() => Assert.Equal(_folder["outside"], WorkingFolder.In(Release, _folder["outside"]));

    [Fact]
    public void A_link_within_the_release_is_followed()
    {
        File.CreateSymbolicLink(_folder["release/current"], "app");

        Assert.Equal(_folder["release/current"], WorkingFolder.In(Release, "current"));
    }

    [Theory]
    [InlineData("missing", "the release has no folder missing (limits.folder)")]
    [InlineData("/no/such/folder", "the working folder /no/such/folder (limits.folder) does not exist: make it, or name another")]
    [InlineData("../outside", "../outside (limits.folder) leads out of the release: name a folder in it, or an absolute path")]
    [InlineData("out", "out (limits.folder) leads out of the release: name a folder in it, or an absolute path")]
    [InlineData("out/deeper", "out/deeper (limits.folder) leads out of the release: name a folder in it, or an absolute path")]
    public void What_is_not_there_or_leads_elsewhere_is_an_error(string given, string problem)
    {
        Directory.CreateDirectory(_folder["outside/deeper"]);
        File.CreateSymbolicLink(_folder["release/out"], "../outside");

        Assert.Equal(problem, Assert.Throws<ReleaseException>(() => WorkingFolder.In(Release, given)).Message);
    }
}
