using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
TimeLimit.Begin(limit.Token);
await using var stage = await Stage.StartAsync(new StageOptions());
foreach (var cell in Cell.Applicable.Where(cell => args.Contains(cell.ToString())))
{
    var result = await new CellRun(stage, cell, new Random(1)).RunAsync();
    Console.WriteLine($"{cell}: {result.Account.Ok} ok, {result.Account.Held} held, {string.Join(", ", result.Account.Failed)} missed {result.Missed} took {result.Took} recovery {result.Recovery}");
    foreach (var line in result.Account.Lost.Take(5).Concat(result.Account.Duplicated).Concat(result.Problems.Select(problem => $"{problem}")))
        Console.WriteLine($"  {line}");
}
