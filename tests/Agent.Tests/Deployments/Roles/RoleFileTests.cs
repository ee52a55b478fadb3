using BlueGreen.Agent.Deployments.Roles;
using BlueGreen.Agent.Tests.Releases;

namespace BlueGreen.Agent.Tests.Deployments.Roles;

/// <summary>Its folder can be that of a worker of another user, who puts there what he likes.</summary>
public sealed class RoleFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;
    private readonly RoleFile _file;

    public RoleFileTests()
    {
        Directory.CreateDirectory(_folder["workers"]);
        Directory.CreateDirectory(_folder["own"]);
        _path = RoleFile.PathOf(_folder["workers"], "web.7.1");
        _file = new RoleFile(_path, _folder["own"]);
    }

    private static RoleMessage Message { get; } = new(WorkerRole.Active, Generation: 12, Release: 7, Leader: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_and_anybody_who_gets_there_may_read_it()
    {
        _file.Write(Message);

        Assert.Equal(Message, _file.Read());
        Assert.Equal((UnixFileMode)Convert.ToInt32("644", 8), File.GetUnixFileMode(_path));
        Assert.Empty(Directory.GetFiles(_folder["own"]));
    }

    [Fact]
    public void A_link_in_its_place_is_replaced_and_what_it_leads_to_stays_as_it_is()
    {
        _folder.Write("precious", "as it was");
        File.CreateSymbolicLink(_path, _folder["precious"]);
        File.CreateSymbolicLink(_path + ".next", _folder["precious"]);

        _file.Write(Message);

        Assert.Equal("as it was", File.ReadAllText(_folder["precious"]));
        Assert.Equal(Message, _file.Read());
    }

    [Fact(Timeout = 30_000)]
    public async Task Neither_a_link_nor_a_pipe_acknowledges_anything()
    {
        _folder.Write("elsewhere", "12");
        File.CreateSymbolicLink(_path + RoleFile.AcknowledgementEnding, _folder["elsewhere"]);
        Assert.Null(_file.Acknowledged());

        File.Delete(_path + RoleFile.AcknowledgementEnding);
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([_path + RoleFile.AcknowledgementEnding, _path])
            .ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Null(_file.Acknowledged());
        Assert.Null(_file.Read());

        File.Delete(_path + RoleFile.AcknowledgementEnding);
        File.WriteAllText(_path + RoleFile.AcknowledgementEnding, "12\n");
        Assert.Equal(12, _file.Acknowledged());
    }
}
