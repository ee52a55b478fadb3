using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Releases;

public sealed class ProcessTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_release_without_a_Procfile_has_web_alone() => Assert.Empty(Find([]));

    [Fact]
    public void Every_line_of_a_Procfile_is_a_type_but_web_and_what_means_nothing()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "Procfile"), """
            # processes
            web: ./server --port $PORT
            release: ./migrate
              cron-1 :  ./cron   --all
            no command:
            empty:
            -x: ./x
            cron-1: ./second
            """);

        Assert.Equal([("cron-1", "./cron   --all", "Procfile"), ("release", "./migrate", "Procfile")], Find([]));
    }

    [Fact]
    public void What_is_configured_goes_before_the_Procfile_and_adds_to_it()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "Procfile"), "cron: ./cron\nqueue: ./queue\n");

        Assert.Equal(
            [("cron", "./other", "processes.cron"), ("extra", "./extra", "processes.extra"), ("queue", "./queue", "Procfile")],
            Find(new() { ["cron"] = "./other", ["extra"] = "./extra" }));
    }

    public void Dispose() => _folder.Dispose();

    private IEnumerable<(string Type, string Line, string Origin)> Find(Dictionary<string, string> configured) =>
        ProcessTypes.Find(_folder.Path, configured).OrderBy(type => type.Key, StringComparer.Ordinal)
            .Select(type => (type.Key, type.Value.Line, type.Value.Origin));
}
