using System.Globalization;

namespace BlueGreen.Harness.Origins;

/// <summary>A real S3 server, s3rver of npm, with a bucket. tests/run installs it.</summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>The bucket.</summary>
    public const string Bucket = "builds";

    /// <summary>The access key it knows, and its secret.</summary>
    public const string Key = "S3RVER";

    private readonly StartedProcess _process;
    private readonly HttpClient _client = new();

    private S3Server(StartedProcess process, Uri url)
    {
        _process = process;
        Url = url;
    }

    /// <summary>Its address.</summary>
    public Uri Url { get; }

    private static string Program => Path.Combine(
        Environment.GetEnvironmentVariable("BLUEGREEN_TESTS_CACHE") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/bluegreen-tests"),
        "s3rver-3.7.1/node_modules/s3rver/bin/s3rver.js");

    /// <summary>Starts one.</summary>
    /// <param name="folder">Where it keeps its objects.</param>
    public static async Task<S3Server> StartAsync(string folder)
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException($"s3rver is missing: {Program}; run tests/run once");
        var port = FreePort.Find();
        var process = StartedProcess.Start(
            "node", [Program, "-d", folder, "-a", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "--configure-bucket", Bucket], folder);
        await process.WaitForLineAsync(line => line.Contains("listening", StringComparison.OrdinalIgnoreCase));
        return new S3Server(process, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")));
    }

    /// <summary>Puts an object.</summary>
    public async Task PutAsync(string key, byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using var answer = await _client.PutAsync(new Uri(Url, $"{Bucket}/{key}"), body, TimeLimit.Token);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }
}
