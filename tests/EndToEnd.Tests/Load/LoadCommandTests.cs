using System.Diagnostics;
using System.Text.Json;

namespace BlueGreen.EndToEnd.Tests.Load;

public sealed class LoadCommandTests
{
    private const int Limit = 30_000;

    [Fact(Timeout = Limit)]
    public async Task A_load_without_failures_exits_with_0()
    {
        await using var server = new ScriptedServer();
        var (code, output, _) = await RunAsync($"{server.Address} --count 50 --connections 2 --json", TestContext.Current.CancellationToken);
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(50, report.RootElement.GetProperty("requests").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("failed").GetInt32());
        Assert.Equal(50, report.RootElement.GetProperty("releases")[0].GetProperty("requests").GetInt32());
    }

    [Fact(Timeout = Limit)]
    public async Task A_load_with_a_failure_exits_with_1_and_says_which()
    {
        await using var server = new ScriptedServer(7, new Reply("", Ending.Reset));
        var (code, output, _) = await RunAsync($"{server.Address} --count 50 --connections 1", TestContext.Current.CancellationToken);
        Assert.Equal(1, code);
        Assert.Contains("1 Reset", output, StringComparison.Ordinal);
    }

    [Fact(Timeout = Limit)]
    public async Task A_load_without_a_limit_ends_with_its_input()
    {
        await using var server = new ScriptedServer();
        using var process = Start($"{server.Address} --connections 1");
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("requests", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory(Timeout = Limit)]
    [InlineData("")]
    [InlineData("somewhere")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("http://127.0.0.1/ --duration")]
    [InlineData("http://127.0.0.1/ --duration 10")]
    [InlineData("http://127.0.0.1/ --connections none")]
    [InlineData("http://127.0.0.1/ --fast")]
    public async Task Wrong_usage_exits_with_2_and_one_line(string arguments)
    {
        var (code, output, errors) = await RunAsync(arguments, TestContext.Current.CancellationToken);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string arguments, CancellationToken cancel)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }

    private static Process Start(string arguments) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet",
        $"{Path.Combine(AppContext.BaseDirectory, "load.dll")} {arguments}")
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
