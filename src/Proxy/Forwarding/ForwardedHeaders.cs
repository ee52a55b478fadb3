using System.Net.Http.Headers;
using BlueGreen.Proxy.Peers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Tells the worker who asked: X-Forwarded-For, -Proto and -Host. What a client claims about itself is replaced; what a trusted proxy in
/// front of the front says is kept and added to.
/// </summary>
internal static class ForwardedHeaders
{
    /// <summary>Every request that is forwarded has it, in one line.</summary>
    public const string For = "X-Forwarded-For";

    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";

    /// <summary>RFC 7239. Nobody checks it here, so it is passed on only from a peer that is trusted.</summary>
    private const string Forwarded = "Forwarded";

    public static void Apply(HttpContext context, HttpRequestMessage message, TrustedProxies trusted)
    {
        var headers = message.Headers;
        var remote = context.Connection.RemoteIpAddress;
        var client = ClientAddress.Plain(remote)?.ToString();
        if (trusted.Trust(remote))
        {
            var request = context.Request.Headers;
            Set(headers, For, Append(request[For], client));
            SetIfAbsent(headers, request, Proto, context.Request.Scheme);
            SetIfAbsent(headers, request, Host, context.Request.Host.Value);
            return;
        }

        Set(headers, For, client);
        Set(headers, Proto, context.Request.Scheme);
        Set(headers, Host, context.Request.Host.Value);
        headers.Remove(Forwarded);
    }

    /// <summary>Whether a trusted proxy in front of the front says that its client came over https.</summary>
    public static bool SayHttps(HttpContext context, TrustedProxies trusted) =>
        trusted.Trust(context.Connection.RemoteIpAddress)
        && string.Equals(context.Request.Headers[Proto], Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);

    private static string? Append(StringValues chain, string? client) =>
        StringValues.IsNullOrEmpty(chain) ? client : string.Join(", ", client is null ? [.. chain] : [.. chain, client]);

    private static void Set(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void SetIfAbsent(
        HttpRequestHeaders headers, IHeaderDictionary request, string name, string? value)
    {
        if (!request.ContainsKey(name) && !string.IsNullOrEmpty(value))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
