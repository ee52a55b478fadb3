using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Deployments;

/// <summary>What a release must be like to be taken for an app.</summary>
internal static class AppDemands
{
    /// <summary>At this moment.</summary>
    /// <param name="options">The app.</param>
    /// <param name="services">Know what was live.</param>
    /// <param name="sha256">The SHA-256 its file must have; null: any.</param>
    public static ReleaseDemands Of(AppOptions options, DeploymentServices services, string? sha256) => new()
    {
        Limits = options.Limits,
        Trust = options.Trust,
        Sha256 = sha256,
        HighestSequence = options.Trust.Sequence ? HighestSequence(options.Name, services) : null,
    };

    /// <summary>By the state, and where that was lost, by the store: what never was live is not in there.</summary>
    private static long? HighestSequence(string app, DeploymentServices services) => services.Store.List(app).Select(release => release.Verified?.Sequence)
        .Append(services.State.Current.App(app).HighestSequence).Max();
}
