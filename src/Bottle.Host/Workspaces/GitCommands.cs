using System.Collections;
using Bottle.Host.Processes;

namespace Bottle.Host.Workspaces;

/// <summary>Git on the host: in the operator's own directory with the operator's configuration, but for what would run a program there; elsewhere with none at all.</summary>
internal static class GitCommands
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A command in the operator's directory, whose ignore rules and owner's settings count. Its fsmonitor and hooks are not run.</summary>
    public static Command In(string directory, params IEnumerable<string> arguments) =>
        new("git", ["-C", directory, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", .. arguments])
        {
            Environment = Clean(),
            Grace = Patience,
            OutputLimit = int.MaxValue / 4,
        };

    /// <summary>A command on a repository that Bottle made, with no configuration but that repository's.</summary>
    public static Command Alone(string repository, params IEnumerable<string> arguments)
    {
        var environment = Clean();
        environment["GIT_CONFIG_NOSYSTEM"] = environment["GIT_ATTR_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        return new("git", ["--git-dir", repository, "-c", "core.attributesFile=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", .. arguments])
        {
            Environment = environment,
            WorkingDirectory = "/",
            Grace = Patience,
            OutputLimit = int.MaxValue / 4,
        };
    }

    // A hook or an alias that started Bottle has told git where to work: that is not meant for these.
    private static Dictionary<string, string?> Clean()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key)
            .Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
        environment["GIT_TERMINAL_PROMPT"] = environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["LC_ALL"] = "C";
        return environment;
    }
}
