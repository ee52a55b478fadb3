using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>
/// Where releases come from, as users write it. Its text may hold a password or a signature, so what people see is
/// <see cref="Shown"/>, which is also what it turns into where it is formatted.
/// </summary>
internal abstract record SourceAddress
{
    private SourceAddress()
    {
    }

    /// <summary>All of it; may hold secrets.</summary>
    public abstract string Text { get; }

    /// <summary>For people: without secrets.</summary>
    public virtual string Shown => Text;

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLocal => this is Local;

    /// <summary>Reads what a user wrote.</summary>
    /// <param name="text">A path or a URL.</param>
    /// <param name="folder">Where relative paths start; absolute.</param>
    /// <param name="address">What it means.</param>
    /// <param name="problem">Why it means nothing, in one line without secrets.</param>
    public static bool TryParse(
        string text, string folder, [NotNullWhen(true)] out SourceAddress? address, [NotNullWhen(false)] out string? problem)
    {
        (address, problem) = SourceAddressParser.Parse(text, folder);
        return address is not null;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Shown;

    /// <summary>A file or folder of this machine.</summary>
    /// <param name="Path">Absolute.</param>
    public sealed record Local(string Path) : SourceAddress
    {
        /// <inheritdoc/>
        public override string Text => Path;
    }

    /// <summary>A file on a web server. User and password may be in the URL.</summary>
    /// <param name="Url">http or https.</param>
    public sealed record Http(Uri Url) : SourceAddress
    {
        /// <inheritdoc/>
        public override string Text => Url.AbsoluteUri;

        /// <inheritdoc/>
        public override string Shown => Of(Url);

        /// <summary>All of it counts; a <see cref="Uri"/> does not look at user and password.</summary>
        public bool Equals(Http? other) => other?.Text == Text;

        /// <inheritdoc/>
        public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

        /// <summary>A URL without what may be secret: user, password, and the query, which may be signed.</summary>
        public static string Of(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    /// <summary>An object of S3, or the newest one under a prefix.</summary>
    /// <param name="Bucket">The bucket.</param>
    /// <param name="Key">The key; ends with <c>/</c> or is empty for a prefix.</param>
    public sealed record S3(string Bucket, string Key) : SourceAddress
    {
        /// <summary>Whether the newest object below is meant.</summary>
        public bool IsPrefix => Key.Length == 0 || Key.EndsWith('/');

        /// <inheritdoc/>
        public override string Text => $"s3://{Bucket}/{Key}";
    }

    /// <summary>An asset of a release on GitHub.</summary>
    /// <param name="Owner">A user or organisation.</param>
    /// <param name="Repository">The repository.</param>
    /// <param name="Tag">The tag of the release; null: the latest.</param>
    public sealed record GitHub(string Owner, string Repository, string? Tag) : SourceAddress
    {
        /// <inheritdoc/>
        public override string Text => $"github://{Owner}/{Repository}{(Tag is null ? "" : $"@{Tag}")}";
    }
}
