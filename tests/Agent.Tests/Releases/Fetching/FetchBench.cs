using BlueGreen.Agent.Releases;
using BlueGreen.Agent.Releases.Fetching;
using BlueGreen.Harness.Origins;

namespace BlueGreen.Agent.Tests.Releases.Fetching;

/// <summary>A store, and an origin that releases are fetched from with hardly a pause between tries.</summary>
internal sealed class FetchBench : IAsyncDisposable
{
    private readonly StoreFixture _fixture = new();

    private FetchBench(Origin origin)
    {
        Origin = origin;
        Stager = new SourceStager(_fixture.Store, TimeProvider.System, Retries);
    }

    public Origin Origin { get; }

    public SourceStager Stager { get; }

    public TemporaryFolder Folder => _fixture.Folder;

    /// <summary>What releases must be like.</summary>
    public ReleaseDemands Demands { get; set; } = new();

    public List<FetchProgress> Progress { get; } = [];

    public static SourceRetries Retries => new(TimeProvider.System, TimeSpan.FromMilliseconds(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="content">What its only file, <c>/app.tar.gz</c>, holds.</param>
    public static async Task<FetchBench> StartAsync(OriginFile content) => new(await Origin.StartAsync(content.ServeAsync));

    /// <summary>An archive of some size that cannot be compressed, with a program.</summary>
    public static byte[] Archive(int size = 300_000)
    {
        using var folder = new TemporaryFolder();
        var padding = Convert.ToBase64String(RandomOf(size))[..size];
        return File.ReadAllBytes(folder.Tar("x.tar.gz", Archives.TarFile("run", "#!/bin/sh\n", Archives.Executable), Archives.TarFile("padding", padding)));
    }

    public SourceOptions Options(string path = "app.tar.gz") => Options(new Uri(Origin.Url, path));

    public static SourceOptions Options(Uri url) => SourceOptions.Default(new SourceAddress.Http(url));

    /// <summary>Stages what the origin has, and what came of it.</summary>
    public async Task<StagedSource> StageAsync(SourceOptions? options = null)
    {
        var staged = await Stager.StageAsync("web", options ?? Options(), Demands, Progress.Add, Token);
        // The download is gone; the content alone is there.
        Assert.DoesNotContain(Folder.Tree(), path => path.Contains("/fetched/", StringComparison.Ordinal));
        return staged;
    }

    /// <summary>The line with which the source is refused; nothing of it is left in the store.</summary>
    public async Task<string> RefusalAsync(SourceOptions? options = null)
    {
        var refusal = await Assert.ThrowsAsync<ReleaseException>(() => Stager.StageAsync("web", options ?? Options(), Demands, Progress.Add, Token));
        Assert.DoesNotContain(Folder.Tree(), path => path.StartsWith("releases/web/", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Message;
    }

    public async ValueTask DisposeAsync()
    {
        await Origin.DisposeAsync();
        _fixture.Dispose();
    }

    private static byte[] RandomOf(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
