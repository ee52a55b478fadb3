using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Releases.Fetching;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of a source's <c>auth</c>.</summary>
internal static class SourceAuthSection
{
    /// <summary>See <see cref="SourceAuth"/>.</summary>
    public static Section<SourceAuth> Section { get; } = new()
    {
        { "user", TextReaders.NotEmpty("a user"), (auth, user) => auth with { User = user } },
        { "password", SecretReaders.Value, (auth, text) => auth with { Password = auth.Password with { Value = text } } },
        { "passwordFile", SecretReaders.File, (auth, path) => auth with { Password = auth.Password with { File = path } } },
        { "token", SecretReaders.Value, (auth, text) => auth with { Token = auth.Token with { Value = text } } },
        { "tokenFile", SecretReaders.File, (auth, path) => auth with { Token = auth.Token with { File = path } } },
        { "tokenVariable", SecretReaders.Variable, (auth, name) => auth with { Token = auth.Token with { Variable = name } } },
    };
}
