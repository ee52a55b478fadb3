using System.Collections.Concurrent;
using System.Diagnostics;
using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Stages;

namespace BlueGreen.Faults.Running;

/// <summary>
/// Does every fault several times. A stage serves one fault after the other for as long as it comes to rest as it should; after a fault
/// that it does not survive, another takes its place.
/// </summary>
/// <param name="cells">Which faults.</param>
/// <param name="times">How often each.</param>
/// <param name="seed">Decides the order, and what may go one way or the other.</param>
public sealed class MatrixRun(IReadOnlyList<Cell> cells, int times, int seed)
{
    private static readonly TimeSpan CellLimit = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<(Cell Cell, int Seed)> _left = new(Order(cells, times, seed));
    private readonly ConcurrentBag<CellResult> _results = [];

    /// <summary>Is told of every result as it comes, by one thread at a time.</summary>
    public Action<CellResult> OnResult { get; init; } = _ => { };

    /// <summary>Runs all of it.</summary>
    /// <param name="lanes">How many stages at the same time.</param>
    public async Task<IReadOnlyCollection<CellResult>> RunAsync(int lanes)
    {
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(RunLaneAsync)));
        return _results;
    }

    private async Task RunLaneAsync()
    {
        Stage? stage = null;
        try
        {
            while (!TimeLimit.Token.IsCancellationRequested && _left.TryDequeue(out var next))
            {
                var result = await RunCellAsync(next.Cell, next.Seed, async () => stage ??= await Stage.StartAsync(StageOptions.EveryStep));
                _results.Add(result);
                lock (_results)
                    OnResult(result);
                if (result.IsGood || stage is null)
                    continue;
                await stage.DisposeAsync();
                stage = null;
            }
        }
        finally
        {
            if (stage is not null)
                await stage.DisposeAsync();
        }
    }

    private static async Task<CellResult> RunCellAsync(Cell cell, int seed, Func<Task<Stage>> stageAsync)
    {
        var started = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TimeLimit.Token);
        limit.CancelAfter(CellLimit);
        var outer = TimeLimit.Token;
        TimeLimit.Begin(limit.Token);
        Stage? stage = null;
        try
        {
            stage = await stageAsync();
            return await new CellRun(stage, cell, new Random(seed)).RunAsync();
        }
        catch (OperationCanceledException) when (!outer.IsCancellationRequested)
        {
            return Broken($"not at its end after {CellLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever a front that misbehaves has made of the harness is a result too.
            return Broken($"{e}");
        }

        CellResult Broken(string why) => CellResult.Broken(cell, why, Stopwatch.GetElapsedTime(started), stage?.FrontLog ?? "");
    }

    private static IEnumerable<(Cell Cell, int Seed)> Order(IReadOnlyList<Cell> cells, int times, int seed)
    {
        var random = new Random(seed);
        for (var time = 0; time < times; time++)
        {
            var order = cells.ToArray();
            random.Shuffle(order);
            foreach (var cell in order)
                yield return (cell, random.Next());
        }
    }
}
