namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of values that are words.</summary>
internal static class TextReaders
{
    /// <summary>A text that has a parser of its own.</summary>
    public static ValueReader<T> Of<T>(string expected, TextParser<T> parse)
        where T : class => value =>
    {
        if (!value.TryGetText(expected, out var text))
        {
            return ReadResult<T>.Reported;
        }

        return parse(text, out var result, out var problem) ? ReadResult<T>.Of(result) : value.Fail<T>(problem);
    };

    /// <summary>A text with more in it than blanks.</summary>
    public static ValueReader<string> NotEmpty(string expected) => value =>
    {
        if (!value.TryGetText(expected, out var text))
        {
            return ReadResult<string>.Reported;
        }

        return string.IsNullOrWhiteSpace(text) ? value.Fail<string>($"must not be empty: write {expected}, or remove the key")
            : text.Contains('\0') ? value.Fail<string>("must not contain a NUL character")
            : ReadResult<string>.Of(text);
    };

    /// <summary>A path of this machine, made absolute against the file's folder.</summary>
    public static ValueReader<string> AbsolutePath(string expected) => value =>
    {
        if (!NotEmpty(expected)(value).TryGet(out var path))
        {
            return ReadResult<string>.Reported;
        }

        if (path.Contains("://", StringComparison.Ordinal))
        {
            return value.Fail<string>($"'{path}' is a URL: only paths of this machine work");
        }

        return path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? value.Fail<string>($"'~' is not expanded: write the full path instead of '{path}'")
            : ReadResult<string>.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, value.Reading.BaseDirectory)));
    };

    /// <summary>One of a few words.</summary>
    public static ValueReader<T> OneOf<T>(params (string Name, T Value)[] choices)
    {
        string[] names = [.. choices.Select(choice => choice.Name)];
        return value =>
        {
            if (!value.TryGetText(string.Join(" or ", names), out var text))
            {
                return ReadResult<T>.Reported;
            }

            var index = Array.IndexOf(names, text);
            return index >= 0
                ? ReadResult<T>.Of(choices[index].Value)
                : value.Fail<T>($"unknown value '{text}'; {Names.Suggest(text, names, "the values are")}");
        };
    }
}
