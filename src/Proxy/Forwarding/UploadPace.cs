using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace BlueGreen.Proxy.Forwarding;

/// <summary>
/// Lifts the minimum rate of request bodies from those that pause by their nature: calls of gRPC, whose kind the front cannot tell and
/// whose streams are silent between messages, and what comes instead of a body after an extended CONNECT (RFC 8441). Kestrel itself
/// lifts it from upgraded connections.
/// </summary>
internal static class UploadPace
{
    public static void LiftWhereItPauses(HttpRequest request)
    {
        if (HttpMethods.IsConnect(request.Method) || IsGrpc(request.ContentType))
        {
            request.HttpContext.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        }
    }

    /// <summary>application/grpc, also with a suffix or a parameter; not application/grpc-web, whose requests come in one piece.</summary>
    private static bool IsGrpc(string? type)
    {
        const string Grpc = "application/grpc";
        return type is not null && type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase)
            && (type.Length == Grpc.Length || type[Grpc.Length] is '+' or ';' or ' ');
    }
}
