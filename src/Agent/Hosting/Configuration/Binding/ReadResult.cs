using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>An option that was read, or nothing; the reasons for nothing are reported by then.</summary>
internal readonly record struct ReadResult<T>
{
    private readonly bool _isRead;
    private readonly T? _value;

    private ReadResult(T value) => (_isRead, _value) = (true, value);

    /// <summary>Nothing, and the reason is reported.</summary>
    public static ReadResult<T> Reported => default;

    /// <summary>What was read.</summary>
    public static ReadResult<T> Of(T value) => new(value);

    /// <summary>The value, when there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return _isRead;
    }
}
