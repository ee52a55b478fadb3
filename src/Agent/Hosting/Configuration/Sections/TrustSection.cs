using BlueGreen.Agent.Hosting.Configuration.Binding;
using BlueGreen.Agent.Releases.Verification;

namespace BlueGreen.Agent.Hosting.Configuration.Sections;

/// <summary>The keys of an app's <c>trust</c>. What key files hold is looked at when a release is verified.</summary>
internal static class TrustSection
{
    private static readonly ValueReader<bool> YesOrNo = TextReaders.OneOf(("true", true), ("false", false));

    /// <summary>See <see cref="TrustOptions"/>.</summary>
    public static Section<TrustOptions> Section { get; } = new(Check)
    {
        { "keys", ListReaders.Of<string>(Key, FindConflict), (trust, keys) => trust with { Keys = keys } },
        { "require", YesOrNo, (trust, require) => trust with { Require = require } },
        { "sequence", YesOrNo, (trust, sequence) => trust with { Sequence = sequence } },
    };

    private static ReadResult<string> Key(ConfigurationValue value)
    {
        if (!value.TryGetText("a public key of minisign, or the path of a file with a public key", out var text))
        {
            return ReadResult<string>.Reported;
        }

        if (!TrustedKeyText.IsKey(text))
        {
            return TextReaders.AbsolutePath("a public key, or the path of a file with one")(value);
        }

        return MinisignKey.TryParse(text) is null
            ? value.Fail<string>($"'{text}' is no public key of minisign: copy all of the last line of its .pub file")
            : ReadResult<string>.Of(text);
    }

    private static string? FindConflict(string earlier, string later) => earlier == later ? $"{later} is listed twice" : null;

    /// <summary>Half of a protection is none: what looks safe and is not would be worse than an error.</summary>
    private static void Check(TrustOptions trust, IReadOnlyDictionary<string, ConfigurationValue> given)
    {
        if (trust is { Require: true, Keys: [] })
        {
            given["require"].Report("needs a key: add one under keys, or nothing could ever be deployed");
        }

        if (trust is { Sequence: true, Require: false })
        {
            given["sequence"].Report("needs 'require: true', or a release without a signature would get past it");
        }
    }
}
