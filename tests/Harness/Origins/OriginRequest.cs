namespace BlueGreen.Harness.Origins;

/// <summary>What an origin was asked.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path.</param>
/// <param name="Authorization">Who asked; empty: nobody said.</param>
/// <param name="Range">The part that was asked for; empty: all.</param>
public sealed record OriginRequest(string Method, string Path, string Authorization, string Range);
