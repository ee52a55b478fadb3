namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Readers of secrets and of where they are. No message ever holds one.</summary>
internal static class SecretReaders
{
    /// <summary>The secret itself: anything, blanks included.</summary>
    public static ValueReader<string> Value { get; } = value =>
        value.TryGetText("a secret", out var text) ? ReadResult<string>.Of(text) : ReadResult<string>.Reported;

    /// <summary>A file that holds it; looked at by those who use it, each time.</summary>
    public static ValueReader<string> File { get; } = TextReaders.AbsolutePath("a file");

    /// <summary>A variable of the front's environment that holds it.</summary>
    public static ValueReader<string> Variable { get; } = value =>
    {
        if (!TextReaders.NotEmpty("a variable's name")(value).TryGet(out var name))
        {
            return ReadResult<string>.Reported;
        }

        return EnvName.IsValid(name)
            ? ReadResult<string>.Of(name)
            : value.Fail<string>($"'{name}' is not a name for a variable: letters, digits and '_', the first not a digit");
    };
}
