using BlueGreen.Load.Http;

namespace BlueGreen.Load.Running;

/// <summary>POSTs whose bodies are ids, no two alike, and which of them were answered.</summary>
internal sealed class UniquePosts(LoadOptions options, IReadOnlyDictionary<string, string> headers) : IRequestSource
{
    private readonly List<string>[] _answered = [.. Enumerable.Range(0, options.Connections).Select(_ => new List<string>())];

    /// <summary>What every id of this load begins with, and no other load's.</summary>
    public string Prefix { get; } = $"{Guid.NewGuid():N}-";

    /// <summary>The ids answered with 2xx; to be read when the load has ended.</summary>
    public IEnumerable<string> Answered => _answered.SelectMany(ids => ids);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Next(int connection, long number) =>
        HttpRequest.Post(options.Target, Id(connection, number), headers);

    /// <inheritdoc/>
    public void Succeeded(int connection, long number) => _answered[connection].Add(Id(connection, number));

    private string Id(int connection, long number) => $"{Prefix}{connection}-{number}";
}
