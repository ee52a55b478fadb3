using System.Runtime.CompilerServices;

namespace BlueGreen.EndToEnd.Tests.Harness;

/// <summary>Makes every wait of the harness end with the test that waits.</summary>
internal static class TestTimeLimit
{
    [ModuleInitializer]
    internal static void Apply() => TimeLimit.Outermost = () => TestContext.Current.CancellationToken;
}
