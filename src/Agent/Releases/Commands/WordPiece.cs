namespace BlueGreen.Agent.Releases.Commands;

/// <summary>A stretch of a word of a command line: text, or a variable still to be filled in.</summary>
/// <param name="Text">The text, or the variable's name.</param>
/// <param name="IsVariable">Which of the two.</param>
/// <param name="IsQuoted">Quoted text holds its word together and makes one even where it is empty.</param>
internal readonly record struct WordPiece(string Text, bool IsVariable, bool IsQuoted);
