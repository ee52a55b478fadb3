using BlueGreen.Agent.Releases;
using BlueGreen.Agent.State;

namespace BlueGreen.Agent.Deployments;

/// <summary>What something must be like to become a release of an app: what its user configured, and what was live before.</summary>
internal sealed class AppDemands(ReleaseStore store, StateFile state)
{
    /// <summary>The demands as they are now.</summary>
    /// <param name="app">The app.</param>
    /// <param name="sha256">The SHA-256 that was asked for, 64 lower-case hexadecimal digits. Null: any.</param>
    public ReleaseDemands Of(App app, string? sha256 = null)
    {
        var options = app.Options;
        return new ReleaseDemands
        {
            Limits = options.Limits,
            Trust = options.Trust,
            Sha256 = sha256,
            HighestSequence = options.Trust.Sequence ? HighestSequence(app.Name) : null,
        };
    }

    /// <summary>By the state, and where that was lost, by the store: what never was live is not in there.</summary>
    private long? HighestSequence(string app) => store.List(app).Select(release => release.Verified?.Sequence)
        .Append(state.Current.App(app).HighestSequence).Max();
}
