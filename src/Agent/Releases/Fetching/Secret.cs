namespace BlueGreen.Agent.Releases.Fetching;

/// <summary>A secret, or where it is to be had each time it is used. Formatted it is nothing but stars.</summary>
/// <param name="Value">The secret itself.</param>
/// <param name="File">Absolute path of a file that holds it; blanks at its end do not count.</param>
/// <param name="Variable">The name of a variable in the front's environment.</param>
internal sealed record Secret(string? Value = null, string? File = null, string? Variable = null)
{
    /// <summary>None.</summary>
    public static Secret None { get; } = new();

    /// <summary>The secret, from the first place that is named; null: no place is.</summary>
    /// <exception cref="SourceException">The place that is named does not have it.</exception>
    public string? Read()
    {
        if (Value is not null)
        {
            return Value;
        }

        if (File is not null)
        {
            try
            {
                return System.IO.File.ReadAllText(File).TrimEnd() is { Length: > 0 } text
                    ? text
                    : throw new SourceException($"the file with the secret is empty: {File}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SourceException($"the file with the secret cannot be read: {e.Message.TrimEnd('.')}", e);
            }
        }

        return Variable is null ? null
            : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set
            : throw new SourceException($"the variable {Variable}, which is to hold the secret, is not set in the front's environment");
    }

    /// <inheritdoc/>
    public override string ToString() => this == None ? "none" : "***";
}
