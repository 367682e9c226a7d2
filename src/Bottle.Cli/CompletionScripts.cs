using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Cli;

/// <summary>Scripts that tie a shell's completion to <c>bottle complete</c>.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # In ~/.bashrc:  eval "$(bottle completion bash)"
        _bottle() {
            local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
            # Bash breaks words at '='; the tool wants them whole.
            local line="${COMP_LINE:0:COMP_POINT}" current
            current="${line##* }"
            read -ra words <<< "${line#* }"
            [[ "$line" == *' ' ]] && words+=("")
            mapfile -t COMPREPLY < <(bottle complete -- "${words[@]}" 2>/dev/null)
            if [[ "$current" == *=* && "$COMP_WORDBREAKS" == *=* ]]; then COMPREPLY=("${COMPREPLY[@]#"${current%%=*}="}"); fi
            [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *[=/] ]] && compopt -o nospace
        }
        complete -F _bottle bottle
        """;

    private const string Zsh = """
        # In ~/.zshrc:  eval "$(bottle completion zsh)"
        (( $+functions[compdef] )) || { autoload -Uz compinit; compinit; }
        _bottle() {
            local -a candidates
            candidates=("${(@f)$(bottle complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            # What wants more after it gets no blank.
            compadd -S '' -- ${(M)candidates:#*[=/]}
            compadd -- ${${candidates:#*[=/]}:#}
        }
        compdef _bottle bottle
        """;

    private const string Fish = """
        # In ~/.config/fish/config.fish:  bottle completion fish | source
        function __bottle_complete
            set -l words (commandline -opc) (commandline -ct)
            bottle complete -- $words[2..-1] 2>/dev/null
        end
        complete -c bottle -f -a '(__bottle_complete)'
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    /// <summary>How completion is switched on, for each shell.</summary>
    public const string Help = """
        Prints a script that completes what you type: verbs, arguments, agents, runs.

          bash, in ~/.bashrc:                   eval "$(bottle completion bash)"
          zsh, in ~/.zshrc:                     eval "$(bottle completion zsh)"
          fish, in ~/.config/fish/config.fish:  bottle completion fish | source
        """;

    /// <summary>The shells that there are scripts for.</summary>
    public static IReadOnlyCollection<string> Shells => Scripts.Keys;

    /// <summary>Prints a shell's script; 2 when there is none.</summary>
    public static int Print(string shell, TextWriter output, TextWriter errors)
    {
        if (Scripts.TryGetValue(shell, out var script))
        {
            output.WriteLine(script);
            return 0;
        }

        var problem = CommandLineErrors.UnknownShell(shell, Shells);
        errors.WriteLine(DiagnosticText.Render(problem, _ => null).TrimEnd());
        return problem.ExitCode;
    }
}
