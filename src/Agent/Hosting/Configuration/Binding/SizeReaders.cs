using System.Globalization;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of amounts of bytes.</summary>
internal static class SizeReaders
{
    /// <summary>From 1 byte to a bound, written as 500MB or 2GiB.</summary>
    public static ValueReader<long> UpTo(long most) => value =>
    {
        if (!value.TryGetText("a size such as 500MB", out var text))
        {
            return ReadResult<long>.Reported;
        }

        return !SizeText.TryParse(text, out var bytes) ? value.Fail<long>($"'{text}' is not a size: write for example 500kB, 200MB, 2GB or 2GiB")
            : bytes is > 0 && bytes <= most ? ReadResult<long>.Of(bytes)
            : value.Fail<long>(string.Create(CultureInfo.InvariantCulture, $"must be from 1B to {SizeText.Format(most)}"));
    };
}
