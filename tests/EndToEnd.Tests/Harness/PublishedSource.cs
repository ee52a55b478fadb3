using System.Formats.Tar;
using System.IO.Compression;
using BlueGreen.Harness.Origins;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>A place where a test publishes builds and a front finds them: of each kind there is.</summary>
internal sealed class PublishedSource : IAsyncDisposable
{
    private readonly Func<string, string, Task> _publish;
    private readonly IAsyncDisposable? _server;

    private PublishedSource(string yaml, Func<string, string, Task> publish, IAsyncDisposable? server)
    {
        (Yaml, _publish, _server) = (yaml, publish, server);
    }

    /// <summary>The keys of its <c>source</c>, as in <c>url: x, auth: {...}</c>.</summary>
    public string Yaml { get; }

    /// <summary>Starts what it takes.</summary>
    /// <param name="kind">folder, file, http, s3 or github.</param>
    /// <param name="folder">The test's place.</param>
    public static async Task<PublishedSource> StartAsync(string kind, TestFolder folder)
    {
        switch (kind)
        {
            case "folder":
                return new PublishedSource("url: ./current", (release, _) => CopyAsync(release, folder.In("current")), null);
            case "file":
                return new PublishedSource("url: ./build.tar.gz", (release, _) => WriteAsync(folder.In("build.tar.gz"), Archive(release)), null);
            case "http":
                var nginx = await Nginx.StartAsync(folder.In("www"), folder.In("nginx"));
                return new PublishedSource(
                    $"url: {nginx.Url}private/web.tar.gz, auth: {{user: me, password: {Nginx.Password}}}",
                    (release, _) => WriteAsync(folder.In("www", "private", "web.tar.gz"), Archive(release)), nginx);
            case "s3":
                var s3 = await S3Server.StartAsync(Directory.CreateDirectory(folder.In("objects")).FullName);
                return new PublishedSource(
                    $"url: 's3://{S3Server.Bucket}/web/', s3: {{endpoint: {s3.Url}, accessKey: {S3Server.Key}, secretKey: {S3Server.Key}}}",
                    async (release, label) =>
                    {
                        // The time of an object counts in seconds.
                        await Task.Delay(1100, TestContext.Current.CancellationToken);
                        await s3.PutAsync($"web/{label}.tar.gz", Archive(release));
                    },
                    s3);
            default:
                var github = await GitHubServer.StartAsync();
                github.Token = "right";
                return new PublishedSource(
                    $"url: 'github://acme/web', auth: {{token: right}}, github: {{api: {github.Url}}}",
                    (release, label) =>
                    {
                        github.Publish(label, prerelease: false, ("web-linux-x64.tar.gz", Archive(release)), ("web-linux-arm64.tar.gz", Archive(release)), ("SHA256SUMS", []));
                        return Task.CompletedTask;
                    },
                    github);
        }
    }

    /// <summary>Publishes a build.</summary>
    /// <param name="release">Its folder.</param>
    /// <param name="label">What it is called, where the kind has names.</param>
    public Task PublishAsync(string release, string label) => _publish(release, label);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A folder as a .tar.gz.</summary>
    public static byte[] Archive(string folder)
    {
        using var archive = new MemoryStream();
        using (var zipped = new GZipStream(archive, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(folder, zipped, includeBaseDirectory: false);
        return archive.ToArray();
    }

    /// <summary>In two parts, as a slow copy does; who reads in between finds half a file.</summary>
    private static async Task WriteAsync(string path, byte[] content)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        await file.WriteAsync(content.AsMemory(0, content.Length / 2));
        await file.FlushAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        await file.WriteAsync(content.AsMemory(content.Length / 2));
    }

    private static async Task CopyAsync(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from))
        {
            // Others are being run from the store; these are nobody's.
            File.Copy(path, Path.Combine(to, Path.GetFileName(path)), overwrite: true);
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}
