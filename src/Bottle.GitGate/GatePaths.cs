namespace Bottle.GitGate;

/// <summary>Where the gate finds and keeps its files: the container contract of README.md.</summary>
internal static class GatePaths
{
    /// <summary>The configuration, mounted read-only.</summary>
    public const string Configuration = "/etc/git-gate/gate.json";

    /// <summary>One known_hosts file a repository, by name; mounted read-only.</summary>
    public const string KnownHosts = "/etc/git-gate/known_hosts";

    /// <summary>One private key a repository, by name; 0600, owned by the gate's user.</summary>
    public const string Keys = "/run/git-gate/keys";

    /// <summary>The repositories: tmpfs, or a folder that outlives the run.</summary>
    public const string Repositories = "/srv/git";

    /// <summary>Scratch on tmpfs; never holds a key.</summary>
    public const string Work = "/tmp/git-gate";

    /// <summary>The socket on which hooks and health checks speak to the server.</summary>
    public const string ControlSocket = Work + "/control";

    /// <summary>The hooks of every repository, in the image.</summary>
    public const string Hooks = "/usr/lib/git-gate/hooks";

    /// <summary>The image's <c>/etc/passwd</c> is a link to this file, written at the start for whatever user runs the gate: ssh wants a name for its user.</summary>
    public const string Passwd = "/tmp/passwd";

    /// <summary>The port of git's own protocol.</summary>
    public const int Port = 9418;
}
