namespace BlueGreen.Agent.Deployments.Hooks;

/// <summary>The names of the hooks: keys of the configuration, and what a hook finds in BLUEGREEN_EVENT.</summary>
internal static class Hook
{
    /// <summary>May refuse a deployment.</summary>
    public const string Before = "before";

    /// <summary>Hears of a switch.</summary>
    public const string After = "after";

    /// <summary>Hears of a failure.</summary>
    public const string Failed = "failed";
}
