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
        if (HttpMethods.IsConnect(request.Method) || GrpcCall.HasTypeOf(request))
        {
            request.HttpContext.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        }
    }
}
