using Bottle.Contracts.Git;
using Bottle.GitGate.Processes;
using Bottle.GitGate.Upstream;

namespace Bottle.GitGate.Repositories;

/// <summary>One remote inside the gate: a bare repository that mirrors upstream's branches and tags. All that moves its refs holds <see cref="Moving"/>.</summary>
internal sealed class Repository(GateRepository settings, string url)
{
    /// <summary>The configuration.</summary>
    public GateRepository Settings { get; } = settings;

    /// <summary>The upstream as git gets it.</summary>
    public string Url { get; } = url;

    /// <summary>The folder.</summary>
    public string Folder => $"{GatePaths.Repositories}/{Settings.Name}.git";

    /// <summary>Held while refs move: by a refresh, or by a push from the moment that it goes upstream until receive-pack has moved the gate's own refs.</summary>
    public SemaphoreSlim Moving { get; } = new(1, 1);

    /// <summary>What every git process of this repository gets, and nothing else.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["PATH"] = "/usr/bin:/bin",
        ["HOME"] = GatePaths.Work,
        ["LC_ALL"] = "C",
        ["TMPDIR"] = GatePaths.Work,
        ["GIT_DIR"] = $"{GatePaths.Repositories}/{settings.Name}.git",
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_NO_REPLACE_OBJECTS"] = "1",
        ["GIT_ALLOW_PROTOCOL"] = "ssh",
        ["GIT_SSH_VARIANT"] = "ssh",
        ["GIT_SSH_COMMAND"] = SshSettings.Command(settings.Name),
    };

    /// <summary>The environment with a push's quarantine on top.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentWith(IEnumerable<KeyValuePair<string, string>> more)
    {
        var environment = new Dictionary<string, string>(Environment);
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }
        return environment;
    }

    /// <summary>Runs git in this repository.</summary>
    public Task<ToolResult> GitAsync(TimeSpan limit, params IEnumerable<string> arguments) => Tool.RunAsync("/usr/bin/git", arguments, Folder, Environment, null, limit);
}
