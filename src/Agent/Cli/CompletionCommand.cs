using System.CommandLine;

namespace BlueGreen.Agent.Cli;

/// <summary><c>bluegreen completion SHELL</c>: the script that teaches a shell to complete bluegreen's commands and options.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # bash completion for bluegreen; the program itself knows the answers.
        _bluegreen() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(bluegreen "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _bluegreen bluegreen
        """;

    private const string Zsh = """
        #compdef bluegreen
        # zsh completion for bluegreen; the program itself knows the answers. Works from a folder of $fpath and when sourced.
        _bluegreen() {
            local -a answers
            answers=("${(@f)$(bluegreen "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -a answers
            _files
        }
        if [[ $funcstack[1] == _bluegreen ]]; then _bluegreen "$@"; else compdef _bluegreen bluegreen; fi
        """;

    private const string Fish = """
        # fish completion for bluegreen; the program itself knows the answers.
        complete -c bluegreen -a '(bluegreen "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ExampledCommand("completion", "Print the completion script of a shell.",
            "bluegreen completion bash > /etc/bash_completion.d/bluegreen",
            "bluegreen completion zsh > ~/.zfunc/_bluegreen",
            "bluegreen completion fish > ~/.config/fish/completions/bluegreen.fish")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            CommandOutput.Line(parsed.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
            return ExitCodes.Done;
        });
        return command;
    }
}
