using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BlueGreen.Agent.Cli;

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class ExampledHelp(HelpAction usual, IReadOnlyList<string> rootExamples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in parseResult.CommandResult.Command is ExampledCommand command ? command.Examples : rootExamples)
        {
            output.WriteLine($"  {example}");
        }

        return result;
    }
}
