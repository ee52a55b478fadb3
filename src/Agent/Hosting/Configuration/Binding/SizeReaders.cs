namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are bytes.</summary>
internal static class SizeReaders
{
    /// <summary>At least one byte.</summary>
    public static ValueReader<long> MoreThanZero { get; } = value =>
    {
        if (!value.TryGetText("a size such as 500MiB", out var text))
        {
            return ReadResult<long>.Reported;
        }

        return !SizeText.TryParse(text, out var bytes, out var problem) ? value.Fail<long>(problem)
            : bytes == 0 ? value.Fail<long>("must be more than zero")
            : ReadResult<long>.Of(bytes);
    };

    /// <summary>From one byte to a bound.</summary>
    public static ValueReader<long> UpTo(long most) => value =>
    {
        var result = MoreThanZero(value);
        return result.TryGet(out var bytes) && bytes > most ? value.Fail<long>($"must be at most {SizeText.Format(most)}") : result;
    };
}
