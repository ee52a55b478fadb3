using System.Globalization;
using BlueGreen.Agent.Hosting.Configuration.Yaml;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are counted.</summary>
internal static class NumberReaders
{
    /// <summary>A whole number in decimal digits, without quotes, both bounds included.</summary>
    public static ValueReader<int> Between(int least, int most) => value =>
    {
        if (value.Node is YamlScalar { IsPlain: true, Text: var text }
            && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return ReadResult<int>.Of(number);
        }

        value.ReportUnexpected(string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
        return ReadResult<int>.Reported;
    };
}
