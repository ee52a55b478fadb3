using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace BlueGreen.Agent.Tests.Cli;

/// <summary>The real program, as a user starts it, in a folder without a configuration file.</summary>
internal sealed class BlueGreenProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private BlueGreenProgram(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
    }

    public int Pid => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string Output => TextOf(_output);

    public string Errors => TextOf(_errors);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static BlueGreenProgram Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "bluegreen"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("BLUEGREEN_STATE");
        // The program looks for a runtime in the system's places; this one may be elsewhere.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../.."));
        return new BlueGreenProgram(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params string[] arguments)
    {
        await using var program = Start(folder, arguments);
        return await program.EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(Token);
        await _reading.WaitAsync(Token);
        return (_process.ExitCode, Output, Errors);
    }

    /// <summary>Sends a signal, such as TERM.</summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Token);
    }

    /// <summary>Waits until the program has printed a text; its end before that fails the test.</summary>
    public async Task PrintedAsync(string text)
    {
        await Eventually.TrueAsync(() => Output.Contains(text, StringComparison.Ordinal) || HasEnded);
        if (HasEnded)
        {
            await EndAsync();
        }

        Assert.True(Output.Contains(text, StringComparison.Ordinal), $"'{text}' is not in:\n{Output}\n{Errors}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasEnded)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder into)
    {
        var block = new char[4096];
        for (int count; (count = await from.ReadAsync(block)) > 0;)
        {
            lock (into)
            {
                into.Append(block, 0, count);
            }
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
