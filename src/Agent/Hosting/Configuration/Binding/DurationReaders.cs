namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are waited for.</summary>
internal static class DurationReaders
{
    /// <summary>Zero means "at once".</summary>
    public static ValueReader<TimeSpan> ZeroOrMore { get; } = value =>
    {
        if (!value.TryGetText("a duration such as 30s", out var text))
        {
            return ReadResult<TimeSpan>.Reported;
        }

        return DurationText.TryParse(text, out var duration, out var problem)
            ? ReadResult<TimeSpan>.Of(duration)
            : value.Fail<TimeSpan>(problem);
    };

    /// <summary>For what must not happen too often.</summary>
    public static ValueReader<TimeSpan> AtLeast(TimeSpan least) => value =>
    {
        var result = ZeroOrMore(value);
        return result.TryGet(out var duration) && duration < least
            ? value.Fail<TimeSpan>($"must be at least {DurationText.Format(least)}")
            : result;
    };

    /// <summary>For waits that would make no sense without any time in them.</summary>
    public static ValueReader<TimeSpan> MoreThanZero { get; } = value =>
    {
        var result = ZeroOrMore(value);
        return result.TryGet(out var duration) && duration == TimeSpan.Zero
            ? value.Fail<TimeSpan>("must be more than zero")
            : result;
    };
}
