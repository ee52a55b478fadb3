namespace BlueGreen.Agent.Hosting.Configuration;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="File">The file as its user named it.</param>
/// <param name="Line">From 1; 0 when the file as a whole is the problem.</param>
/// <param name="Column">From 1, counted in UTF-16 units as editors do; 0 when the file as a whole is the problem.</param>
/// <param name="Message">One line: which key, what is wrong, what to write instead. Never holds a value of <c>env</c>.</param>
internal sealed record ConfigurationError(string File, int Line, int Column, string Message)
{
    /// <summary>
    /// <c>FILE:LINE:COLUMN: message</c>, which terminals and editors turn into a link; <c>FILE: message</c> without a position.
    /// </summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
