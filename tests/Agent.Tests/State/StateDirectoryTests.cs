using BlueGreen.Agent.State;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.State;

public sealed class StateDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_is_its_owners_alone()
    {
        var directory = StateDirectory.Find(_folder["a/b"]);

        directory.Create();
        directory.Create();

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory.Root));
        Assert.Equal(["logs", "releases", "run"], _folder.Tree("a/b"));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error()
    {
        _folder.Write("file", "");

        Assert.ThrowsAny<IOException>(StateDirectory.Find(_folder["file/state"]).Create);
    }

    [Fact]
    public void A_relative_folder_starts_at_the_working_folder() =>
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "state"), StateDirectory.Find("./state").Root);
}
