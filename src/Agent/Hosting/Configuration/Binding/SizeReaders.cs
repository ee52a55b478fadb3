using System.Globalization;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are bytes.</summary>
internal static class SizeReaders
{
    /// <summary>At least one byte.</summary>
    public static ValueReader<long> MoreThanZero { get; } = value =>
    {
        var result = Read(value);
        return result.TryGet(out var bytes) && bytes == 0 ? value.Fail<long>("must be more than zero") : result;
    };

    /// <summary>Zero too.</summary>
    public static ValueReader<long> ZeroOrMore { get; } = Read;

    /// <summary>From one byte to a bound.</summary>
    public static ValueReader<long> UpTo(long most) => value =>
    {
        var result = Read(value);
        return result.TryGet(out var bytes) && (bytes == 0 || bytes > most)
            ? value.Fail<long>(string.Create(CultureInfo.InvariantCulture, $"must be from 1B to {SizeText.Format(most)}"))
            : result;
    };

    private static ReadResult<long> Read(ConfigurationValue value)
    {
        if (!value.TryGetText("a size such as 500MiB", out var text))
        {
            return ReadResult<long>.Reported;
        }

        return SizeText.TryParse(text, out var bytes, out var problem) ? ReadResult<long>.Of(bytes) : value.Fail<long>(problem);
    }
}
