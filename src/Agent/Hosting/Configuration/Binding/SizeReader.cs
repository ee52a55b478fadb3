namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Reads values that are sizes of files.</summary>
internal static class SizeReader
{
    /// <summary>Bytes.</summary>
    public static ValueReader<long> ZeroOrMore { get; } = value =>
    {
        if (!value.TryGetText("a size such as 100MiB", out var text))
        {
            return ReadResult<long>.Reported;
        }

        return SizeText.TryParse(text, out var size, out var problem) ? ReadResult<long>.Of(size) : value.Fail<long>(problem);
    };
}
