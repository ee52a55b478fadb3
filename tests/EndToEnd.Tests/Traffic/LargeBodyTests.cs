using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using BlueGreen.EndToEnd.Tests.Harness;

namespace BlueGreen.EndToEnd.Tests.Traffic;

/// <summary>Bodies far larger than the front may hold. <c>LARGE_BODY_MB</c> says how large; the default takes some seconds.</summary>
public sealed class LargeBodyTests : IDisposable
{
    /// <summary>What the front may need more than after it has passed on smaller ones, in MB: far less than one body.</summary>
    private const int MostGrowth = 64;

    private const int Megabyte = 1024 * 1024;
    private static readonly int Size = Megabyte * int.Parse(Environment.GetEnvironmentVariable("LARGE_BODY_MB") ?? "256", CultureInfo.InvariantCulture);

    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 300_000)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_upload_and_a_download_over_a_deploy_arrive_byte_for_byte_from_the_old_release_and_the_front_holds_neither(string version)
    {
        _folder.Configure("apps: {web: {probation: 0s, drain: {requests: 10m}}}");
        await using var front = await Front.StartAsync(_folder, SampleRelease.Make(_folder, "v1"));
        await front.ActiveAsync(1);
        using var client = new HttpClient
        {
            BaseAddress = front.Address,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        await TransferOverDeployAsync(front, client, 32 * Megabyte, "2");

        await using var memory = new MemoryWatch(front.Pid);
        await TransferOverDeployAsync(front, client, Size, "3");

        TestContext.Current.TestOutputHelper?.WriteLine($"HTTP/{version}, {Size / Megabyte} MB each way: {memory.Before} MB before, {memory.Most} MB at most");
        Assert.InRange(memory.Most - memory.Before, long.MinValue, MostGrowth);
    }

    private async Task TransferOverDeployAsync(Front front, HttpClient client, int size, string next)
    {
        var old = $"{int.Parse(next, CultureInfo.InvariantCulture) - 1}";
        using var body = new PacedBody(size);
        var uploading = client.PostAsync("/count", body, Token);
        using var download = await client.GetAsync($"/big?bytes={size}", HttpCompletionOption.ResponseHeadersRead, Token);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var bytes = await download.Content.ReadAsStreamAsync(Token);
        await ReadAsync(bytes, hash, size / 2);
        await body.Half.WaitAsync(Token);

        await using var deploy = front.StartCommand("deploy", "--json", SampleRelease.Make(_folder, $"v{next}"));
        await deploy.WaitForLineAsync(line => line.Contains("\"draining\"", StringComparison.Ordinal));
        using var later = await client.GetAsync("/", Token);
        Assert.Equal(next, ReleaseOf(later));

        body.GoOn();
        await ReadAsync(bytes, hash, size - size / 2);
        Assert.Equal(0, await bytes.ReadAsync(new byte[1], Token));
        Assert.Equal((old, HashOfBig(size)), (ReleaseOf(download), Convert.ToHexStringLower(hash.GetHashAndReset())));
        using var uploaded = await uploading;
        var counted = JsonDocument.Parse(await uploaded.Content.ReadAsStringAsync(Token)).RootElement;
        Assert.Equal((old, size, body.Sha256), (ReleaseOf(uploaded), counted.GetProperty("bytes").GetInt32(), counted.GetProperty("sha256").GetString()));
        var completed = (await CliResult.OfAsync(deploy)).Event("completed");
        Assert.Equal(0, completed.Number("cut"));
        if (size == Size)
        {
            // What is left of a small download may be in the buffers of the kernel, so over for the front.
            Assert.Equal(2, completed.Number("drained"));
        }
    }

    private static async Task ReadAsync(Stream bytes, IncrementalHash hash, int count)
    {
        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await bytes.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, count)), Token);
            Assert.True(read > 0, $"ended {count} bytes too early");
            hash.AppendData(buffer, 0, read);
            count -= read;
        }
    }

    /// <summary>Of what the worker sends: byte number i is i modulo 251.</summary>
    private static string HashOfBig(int size)
    {
        const int period = 251;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = new byte[period * 256];
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = (byte)(i % period);
        }

        for (var left = size; left > 0; left -= block.Length)
        {
            hash.AppendData(block, 0, Math.Min(left, block.Length));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string ReleaseOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Release").Single();
}
