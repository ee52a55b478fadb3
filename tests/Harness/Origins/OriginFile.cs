using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace BlueGreen.Harness.Origins;

/// <summary>A file of an <see cref="Origin"/>, with or without what makes a download good to take up again.</summary>
/// <param name="content">Its bytes.</param>
public sealed class OriginFile(byte[] content)
{
    private static readonly string[] Beside = [".sha256", ".minisig", ".sig", "SHA256SUMS"];

    /// <summary>Its tag, in quotes; null: none.</summary>
    public string? Tag { get; set; } = "\"one\"";

    /// <summary>Its time; null: none.</summary>
    public DateTimeOffset? ModifiedAt { get; set; }

    /// <summary>Whether it is given in parts.</summary>
    public bool GivesRanges { get; set; } = true;

    /// <summary>Whether its length is told.</summary>
    public bool TellsLength { get; set; } = true;

    /// <summary>What it says it is.</summary>
    public string ContentType { get; set; } = "application/octet-stream";

    /// <summary>Positions at which the connection breaks, once each, the next one first.</summary>
    public Queue<int> Breaks { get; } = new();

    /// <summary>Answers a GET or HEAD for any name but those of signatures and digests, which are not there.</summary>
    public Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!Beside.Any(ending => context.Request.Path.Value!.EndsWith(ending, StringComparison.Ordinal)))
            return ServeAnyAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Answers a GET or HEAD for any name.</summary>
    public async Task ServeAnyAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (request, response) = (context.Request, context.Response);
        response.ContentType = ContentType;
        response.Headers.ETag = Tag;
        if (ModifiedAt is { } modified)
            response.Headers.LastModified = modified.ToString("R");
        if (IsKnown(request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var from = GivesRanges && IsSame(request.Headers.IfRange.ToString()) ? RangeOf(request) : 0;
        if (from > 0)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        if (TellsLength)
            response.ContentLength = content.Length - from;
        if (HttpMethods.IsHead(request.Method))
            return;
        if (Breaks.TryDequeue(out var until))
        {
            await response.Body.WriteAsync(content.AsMemory(from, Math.Max(0, until - from)));
            await response.Body.FlushAsync();
            // What is flushed is on its way, not sent yet.
            await Task.Delay(TimeSpan.FromMilliseconds(20));
            // An end rather than a reset, which would take away what the client has not read yet.
            context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        await response.Body.WriteAsync(content.AsMemory(from));
    }

    private static int RangeOf(HttpRequest request) =>
        RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range) ? (int)range.Ranges.Single().From! : 0;

    private bool IsSame(string condition) =>
        condition.Length == 0 || condition == Tag || (ModifiedAt is { } modified && condition == modified.ToString("R"));

    private bool IsKnown(HttpRequest request) => request.Headers.IfNoneMatch.ToString() is { Length: > 0 } tag
        ? tag == Tag
        : ModifiedAt is { } modified && request.Headers.IfModifiedSince.ToString() == modified.ToString("R");
}
