using BlueGreen.Agent.Releases;

namespace BlueGreen.Agent.Tests.Deployments;

/// <summary>Releases for tests that never start one.</summary>
internal static class StoredRelease
{
    public static Release Numbered(int number) => new()
    {
        Number = number,
        Label = $"v{number}",
        Digest = "sha256:" + new string('0', 64),
        Source = $"/srv/v{number}",
        CreatedAt = DateTimeOffset.UnixEpoch,
        SizeBytes = 1,
        Command = new LaunchCommand { Line = "./server", Origin = "command" },
        Env = new Dictionary<string, string>(),
        Directory = $"/state/releases/web/{number}",
    };
}
