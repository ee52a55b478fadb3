using System.Net.Http.Headers;
using System.Text;

namespace BlueGreen.Agent.Releases.Fetching.Http;

/// <summary>The Authorization header for a source.</summary>
internal static class HttpAuth
{
    /// <summary>What is configured, else what the URL holds, else nothing.</summary>
    /// <exception cref="SourceException">A secret cannot be read.</exception>
    public static AuthenticationHeaderValue? For(SourceAuth auth, Uri url)
    {
        if (auth.Token.Read() is { } token)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        var (user, password) = auth.User is { } configured ? (configured, auth.Password.Read() ?? "") : Split(url.UserInfo);
        return user.Length + password.Length == 0
            ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
    }

    private static (string User, string Password) Split(string userInfo) => userInfo.Split(':', 2) switch
    {
        [var user, var password] => (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)),
        [var user] => (Uri.UnescapeDataString(user), ""),
        _ => ("", ""),
    };
}
