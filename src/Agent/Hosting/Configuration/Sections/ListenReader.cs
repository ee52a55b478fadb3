using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>Reads <c>listen</c>: one address or a list of them that can all be listened on at once.</summary>
internal static class ListenReader
{
    private static readonly ValueReader<IReadOnlyList<Uri>> List = ListReaders.Of(
        TextReaders.Of<Uri>("an address such as http://127.0.0.1:8080", ListenAddress.TryParse), FindConflict);

    /// <summary>At least one.</summary>
    public static ValueReader<IReadOnlyList<Uri>> Addresses { get; } = value => value.Node is YamlList { Items: [] }
        ? value.Fail<IReadOnlyList<Uri>>($"needs an address; remove the key for the default, {FrontOptions.DefaultListen}")
        : List(value);

    private static string? FindConflict(Uri earlier, Uri later) =>
        !ListenAddress.Collide(earlier, later) ? null
        : earlier == later ? $"{ListenAddress.Format(later)} is listed twice"
        : $"{ListenAddress.Format(later)} collides with {ListenAddress.Format(earlier)}: one includes the other";
}
