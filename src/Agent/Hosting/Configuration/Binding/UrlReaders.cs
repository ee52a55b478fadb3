namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of addresses of other servers.</summary>
internal static class UrlReaders
{
    /// <summary>http or https, without user, query and fragment.</summary>
    public static ValueReader<Uri> Server { get; } = value =>
    {
        if (!value.TryGetText("a URL such as https://host", out var text))
        {
            return ReadResult<Uri>.Reported;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.UserInfo.Length + url.Query.Length + url.Fragment.Length == 0
            ? ReadResult<Uri>.Of(url)
            : value.Fail<Uri>("write a URL such as https://host, without user, '?' and '#'");
    };
}
