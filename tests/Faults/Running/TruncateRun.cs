using System.Globalization;
using BlueGreen.Load;
using BlueGreen.Load.Http;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Starts a front on a state.json that ends after so many bytes, again and again, each time beside the same worker that has been running
/// all along. The copy before it is whole, as the front leaves it.
/// </summary>
/// <param name="folder">Where; its own.</param>
public sealed class TruncateRun(TestFolder folder)
{
    private const int MostProblems = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly List<Problem> _problems = [];
    private readonly Uri _address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/"));

    private string StateFile => folder.In("s", "state.json");

    /// <summary>Is told of every position before it is tried.</summary>
    public Action<int> OnPosition { get; init; } = _ => { };

    /// <summary>Runs it, within the caller's <see cref="TimeLimit"/>; ends early after a few problems.</summary>
    /// <param name="positions">Where to cut, of a file of so many bytes.</param>
    public async Task<TruncateResult> RunAsync(Func<int, IEnumerable<int>> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        folder.Configure("apps: {web: {probation: 0s}}");
        await using (var front = Start())
        {
            await AnswerAsync(front);
            await DeployAsync();
        }
        var (whole, previous) = (await File.ReadAllBytesAsync(StateFile), await File.ReadAllBytesAsync(StateFile + ".previous"));
        var worker = folder.WorkerPids.Single();
        var tried = 0;
        foreach (var position in positions(whole.Length))
        {
            if (_problems.Count >= MostProblems)
                break;
            OnPosition(position);
            await File.WriteAllBytesAsync(StateFile, whole[..position]);
            await File.WriteAllBytesAsync(StateFile + ".previous", previous);
            await using var front = Start();
            await CheckAsync(front, position, worker);
            tried++;
        }
        return new TruncateResult(whole.Length, tried, _problems);
    }

    private async Task CheckAsync(StartedProcess front, int position, int worker)
    {
        var answer = await AnswerAsync(front);
        if (answer is null)
            Report(ProblemKind.Unsettled, $"does not serve:\n{front}");
        else if (answer.Header("X-Release") != "2")
            Report(ProblemKind.WrongRelease, $"release {answer.Header("X-Release")} serves");
        else if (answer.Header("X-Pid") != worker.ToString(CultureInfo.InvariantCulture))
            Report(ProblemKind.NotAdopted, $"worker {answer.Header("X-Pid")} serves instead of {worker}:\n{front}");
        else if (folder.WorkerPids is var alive && !alive.SequenceEqual([worker]))
            Report(ProblemKind.Orphans, $"workers {string.Join(", ", alive)} live");

        void Report(ProblemKind kind, string what) =>
            _problems.Add(new Problem(kind, $"{StateFile} cut after {position} bytes: {what}"));
    }

    /// <summary>Killed, not stopped, when it is disposed of: so its workers live on.</summary>
    private StartedProcess Start() => StartedProcess.Start(
        Programs.Bluegreen,
        ["run", "--state", folder.State, "--listen", _address.GetLeftPart(UriPartial.Authority), SampleRelease.Make(folder, "first")],
        folder.Root,
        new Dictionary<string, string> { [TestFolder.Mark] = folder.State });

    private async Task DeployAsync()
    {
        var deployed = await Cli.RunAsync("deploy", "--state", folder.State, SampleRelease.Make(folder, "second"));
        if (deployed.Code != 0)
            throw new InvalidOperationException($"The second release was not deployed: {deployed}");
        await Until.TrueAsync(() => folder.WorkerPids.Count == 1);
        // It forgets the replaced release after it has written that down: nothing follows.
        using var control = new ControlSocket(folder.ControlSocket);
        await Until.TrueAsync(async () => (await control.StatusAsync()).App().Releases.Count == 1);
    }

    private async Task<HttpAnswer?> AnswerAsync(StartedProcess front)
    {
        var request = HttpRequest.Get(_address);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
        over.CancelAfter(Patience);
        while (!front.Exited.IsCompleted)
        {
            try
            {
                using var connection = await HttpConnection.ConnectAsync(_address, cancel: over.Token);
                if (await connection.ExchangeAsync(request, over.Token) is { Succeeded: true } answer)
                    return answer;
            }
            catch (ExchangeFailedException)
            {
                // Not yet.
            }
            catch (OperationCanceledException) when (!TimeLimit.Token.IsCancellationRequested)
            {
                return null;
            }
            await Task.Delay(2, TimeLimit.Token);
        }
        return null;
    }
}
