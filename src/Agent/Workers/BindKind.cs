namespace BlueGreen.Agent.Workers;

/// <summary>What a worker listens on.</summary>
internal enum BindKind
{
    /// <summary>A TCP port of 127.0.0.1.</summary>
    Tcp,

    /// <summary>A Unix domain socket in the state folder.</summary>
    Unix,
}
