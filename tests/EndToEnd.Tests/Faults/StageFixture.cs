using BlueGreen.Faults.Injection;
using BlueGreen.Faults.Reports;
using BlueGreen.Faults.Running;
using BlueGreen.Faults.Stages;

namespace BlueGreen.EndToEnd.Tests.Faults;

/// <summary>
/// The stage of a class of tests: started once, used by one fault after the other, replaced after one that it does not survive.
/// </summary>
public sealed class StageFixture : IAsyncLifetime
{
    private Stage? _stage;

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Does a fault; fails with all there is to know about it when anything is not as it must be.</summary>
    public async Task AssertSurvivedAsync(Cell cell)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{cell}, seed {seed}");
        var isGood = false;
        try
        {
            _stage ??= await Stage.StartAsync(StageOptions.EveryStep);
            var result = await new CellRun(_stage, cell, new Random(seed)).RunAsync();
            Assert.True(result.IsGood, CellText.Of(result));
            isGood = true;
        }
        finally
        {
            if (!isGood)
                await DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stage is not null)
            await _stage.DisposeAsync();
        _stage = null;
    }
}
