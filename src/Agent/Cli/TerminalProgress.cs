using System.Threading.Channels;
using BlueGreen.Agent.Control.Contracts;
using Spectre.Console;

namespace BlueGreen.Agent.Cli;

/// <summary>Shows a deployment to a person at a terminal: a line for each step that is done, a spinner for the one under way.</summary>
internal static class TerminalProgress
{
    private const int BarWidth = 30;

    /// <summary>Shows the events and passes them on.</summary>
    public static async IAsyncEnumerable<DeploymentEvent> Show(IAsyncEnumerable<DeploymentEvent> events)
    {
        var shown = Channel.CreateUnbounded<DeploymentEvent>();
        var drawing = AnsiConsole.Status().Spinner(Spinner.Known.Dots).StartAsync("asking the front", async spinner =>
        {
            try
            {
                await foreach (var told in events)
                {
                    Draw(told, spinner);
                    shown.Writer.TryWrite(told);
                }
            }
            catch (Exception e)
            {
                shown.Writer.Complete(e);
                return;
            }

            shown.Writer.Complete();
        });
        await foreach (var told in shown.Reader.ReadAllAsync())
        {
            yield return told;
        }

        await drawing;
    }

    private static void Draw(DeploymentEvent told, StatusContext spinner)
    {
        var lines = DeploymentText.Of(told).Select(Markup.Escape).ToArray();
        switch (told.Event)
        {
            case "switched" or "completed":
                AnsiConsole.MarkupLine($"[green]✓[/] {lines[0]}");
                break;
            case "failed" or "rolledback":
                AnsiConsole.MarkupLine($"[red]✗ {lines[0]}[/]");
                foreach (var line in lines.Skip(1))
                {
                    AnsiConsole.MarkupLine(line.StartsWith(' ') ? $"[grey]{line}[/]" : line);
                }

                break;
            case "fetching" when told.Bytes is not null && told.Bytes != told.Total:
                var bar = ByteText.Bar(told, BarWidth) is { } drawn ? $"[blue]{drawn}[/] " : "";
                spinner.Status($"{bar}{Markup.Escape(ByteText.Progress(told))}");
                return;
            case "releasing" when DeploymentText.IsMoreOutput(told):
                foreach (var line in lines)
                {
                    AnsiConsole.MarkupLine($"[grey]{line}[/]");
                }

                return;
            default:
                AnsiConsole.MarkupLine($"[grey]{told.ElapsedMs,6} ms[/] {lines[0]}");
                break;
        }

        spinner.Status(Markup.Escape(DeploymentText.Sentence(told)));
    }
}
