namespace BlueGreen.Agent.Releases;

/// <summary>
/// A release cannot be taken, stored or started for a reason its user can do something about. The message is one line: what,
/// where and what to do. Control characters in it (file names may hold any) are shown as <c>?</c>, so it stays one line on a
/// terminal.
/// </summary>
/// <param name="message">The line shown to the user.</param>
/// <param name="cause">What the operating system said; for the log.</param>
internal sealed class ReleaseException(string message, Exception? cause = null) : Exception(OneLine(message), cause)
{
    private static string OneLine(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? '?' : c)) : message;
}
