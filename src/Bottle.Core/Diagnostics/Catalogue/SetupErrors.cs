namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Setting the machine up: engine, base image, our own images, pipelock's (BTL40xx).</summary>
public static class SetupErrors
{
    /// <summary>No engine answers and nothing may be installed. <paramref name="command"/> is what was typed, with <c>--setup</c>.</summary>
    public static Diagnostic NoEngine(string said, string command) => new()
    {
        Code = "BTL4001",
        Message = "no Docker engine answers",
        Why = said.Length == 0 ? "a bottle is a Compose project of a Docker engine" : said,
        Fix = $"start Docker, or let Bottle install it from Debian packages: {command}",
    };

    /// <summary>Something only root can do. <paramref name="command"/> is what was typed.</summary>
    public static Diagnostic NotRoot(string what, string command) => new()
    {
        Code = "BTL4002",
        Message = $"only root can {what}",
        Why = "packages are installed, and root file systems unpacked, as root",
        Fix = $"sudo env \"PATH=$PATH\" {command}",
    };

    /// <summary>The machine is none that Bottle can install an engine on.</summary>
    public static Diagnostic NotDebian(string said) => new()
    {
        Code = "BTL4003",
        Message = "Bottle can install an engine on Debian 12 or later only",
        Why = said,
        Fix = "install Docker (23 or later) with Compose v2 and buildx in your system's way, then start again",
    };

    /// <summary>apt failed.</summary>
    public static Diagnostic InstallFailed(IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4004",
        Message = "the engine could not be installed",
        Why = Lines(lastLines),
        Fix = "mend what apt says (its log: /run/bottle-engine/apt.log) and start again: what is installed already is kept",
    };

    /// <summary>The engine is installed and does not run.</summary>
    public static Diagnostic EngineDoesNotStart(IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4005",
        Message = "the engine does not start",
        Why = Lines(lastLines),
        Fix = "read /run/bottle-engine/dockerd.log; inside a container an engine needs all capabilities and a writable /sys/fs/cgroup",
    };

    /// <summary>Compose or buildx is missing although it was installed.</summary>
    public static Diagnostic PluginsMissing(IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4006",
        Message = "docker compose or docker buildx is missing",
        Why = Lines(lastLines),
        Fix = "check that 'docker' on PATH is the package's client: 'docker compose version'",
    };

    /// <summary>There is no base image, and none may be made. <paramref name="command"/> is what was typed, with <c>--setup</c>.</summary>
    public static Diagnostic NoBaseImage(string image, string said, string command) => new()
    {
        Code = "BTL4010",
        Message = $"base image '{image}' cannot be pulled",
        Why = said,
        Fix = $"make the registry reachable, or let Bottle make a base image from Debian packages: {command}",
    };

    /// <summary>The base image could not be made.</summary>
    public static Diagnostic BaseFailed(IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4011",
        Message = "the base image could not be made from Debian packages",
        Why = Lines(lastLines),
        Fix = "mend what apt or docker says and start again",
    };

    /// <summary>A program of an image does not compile.</summary>
    public static Diagnostic PublishFailed(string role, string commandLine, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4012",
        Message = $"the program of image '{role}' could not be published: {commandLine}",
        Why = Lines(lastLines),
        Fix = "run that command by hand for the whole output",
    };

    /// <summary>An image could not be built.</summary>
    public static Diagnostic BuildFailed(string role, string dockerfile, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4013",
        Message = $"image '{role}' could not be built from {dockerfile}",
        Why = Lines(lastLines),
        Fix = "mend the Dockerfile, or what it needs from outside, and start again",
    };

    /// <summary>An image of ours has no Dockerfile: Bottle does not run from its repository.</summary>
    public static Diagnostic DockerfileMissing(string role, string path) => new()
    {
        Code = "BTL4014",
        Message = $"image '{role}' has no Dockerfile",
        Why = $"looked for {path}",
        Fix = "run from Bottle's own repository, or write that Dockerfile",
    };

    /// <summary>Pipelock cannot be had, and no stand-in is allowed.</summary>
    public static Diagnostic PipelockMissing(string reference, string said) => new()
    {
        Code = "BTL4015",
        Message = $"pipelock's image '{reference}' cannot be pulled",
        Why = $"{said}; without pipelock nothing reads what the agent sends",
        Fix = "make the registry reachable, name another image in BOTTLE_PIPELOCK_IMAGE, or accept a stand-in that does far less: --setup where every host ends in .test, --allow-stand-in elsewhere",
    };

    /// <summary>The image behind pipelock's tag is not the one that was there first.</summary>
    public static Diagnostic PipelockChanged(string reference, string recorded, string found, string file) => new()
    {
        Code = "BTL4016",
        Message = $"pipelock's image '{reference}' is not the one that was recorded",
        Why = $"recorded {recorded}, found {found}",
        Fix = $"find out why it changed; when the new one is right, remove its line from {file}",
    };

    /// <summary>The record of digests cannot be read.</summary>
    public static Diagnostic ImagesLockUnreadable(string file, int line) => new()
    {
        Code = "BTL4017",
        Message = $"{file}:{line} is not 'REFERENCE sha256:DIGEST'",
        Why = "the file pins what was pulled first",
        Fix = "mend or remove that line",
    };

    private static string Lines(IReadOnlyList<string> lines) =>
        lines.Count == 0 ? "it printed nothing" : "its last lines:\n" + string.Join('\n', lines);
}
