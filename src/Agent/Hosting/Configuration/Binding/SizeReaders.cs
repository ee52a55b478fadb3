namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are bytes.</summary>
internal static class SizeReaders
{
    /// <summary>At least one byte.</summary>
    public static ValueReader<long> MoreThanZero { get; } = value => Read(value, isZeroFine: false);

    /// <summary>Zero too.</summary>
    public static ValueReader<long> ZeroOrMore { get; } = value => Read(value, isZeroFine: true);

    private static ReadResult<long> Read(ConfigurationValue value, bool isZeroFine)
    {
        if (!value.TryGetText("a size such as 500MiB", out var text))
        {
            return ReadResult<long>.Reported;
        }

        return !SizeText.TryParse(text, out var bytes, out var problem) ? value.Fail<long>(problem)
            : bytes == 0 && !isZeroFine ? value.Fail<long>("must be more than zero")
            : ReadResult<long>.Of(bytes);
    }
}
