using System.Globalization;
using BlueGreen.Load.Http;

namespace BlueGreen.Faults.Traffic;

/// <summary>POSTs whose bodies are ids, no two alike.</summary>
internal sealed class PostScript(Uri target, string prefix, TimeSpan pause) : IScript
{
    private int _last;

    /// <inheritdoc/>
    public ExchangeKind Kind => ExchangeKind.Post;

    /// <inheritdoc/>
    public TimeSpan Expected => TimeSpan.Zero;

    /// <inheritdoc/>
    public TimeSpan Pause => pause;

    /// <inheritdoc/>
    public (byte[] Bytes, string? Id) Next()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{++_last}");
        return (HttpRequest.Post(target, id), id);
    }

    /// <inheritdoc/>
    public string? Fault(HttpAnswer answer) => answer.Text == "recorded\n" ? null : $"another content: {answer.Text}";
}
