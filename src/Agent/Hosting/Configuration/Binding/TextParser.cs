using System.Diagnostics.CodeAnalysis;

namespace BlueGreen.Agent.Hosting.Configuration.Binding;

/// <summary>Turns a text into an option, or tells in one line why it cannot.</summary>
internal delegate bool TextParser<T>(string text, [NotNullWhen(true)] out T? result, [NotNullWhen(false)] out string? problem)
    where T : class;
