using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Harness.Origins;

/// <summary>The files of an <see cref="Origin"/> that are all published at once: a release and what lies beside it.</summary>
public sealed class OriginFolder
{
    private volatile ImmutableDictionary<string, OriginFile> _files = ImmutableDictionary<string, OriginFile>.Empty;

    /// <summary>Replaces all that was there.</summary>
    public void Publish(params IEnumerable<(string Name, byte[] Content)> files) => _files = files.ToImmutableDictionary(
        file => "/" + file.Name,
        file => new OriginFile(file.Content) { Tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(file.Content))}\"" });

    /// <summary>Answers a GET or HEAD.</summary>
    public Task ServeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_files.TryGetValue(context.Request.Path.Value ?? "", out var file))
            return file.ServeAnyAsync(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
