namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Engine, Compose and the processes that Bottle starts: BTL41xx and up (BTL40xx is set-up).</summary>
public static class EngineErrors
{
    /// <summary>The code of <see cref="ExecutableMissing"/>, which the engine's probe tells apart.</summary>
    public const string ExecutableMissingCode = "BTL4110";

    private const string SetUp = "start Docker, or let Bottle install it: run the same command with --setup";

    /// <summary>BTL4134: Compose could not bring the containers up, for a reason that has no code of its own; <paramref name="failure"/> is the failed command's.</summary>
    public static Diagnostic ComposeFailed(Diagnostic failure) => failure with { Code = "BTL4134" };

    /// <summary>No client, or no daemon behind it.</summary>
    public static Diagnostic NotReachable(string said) => new()
    {
        Code = "BTL4101",
        Message = "no Docker engine answers",
        Why = said.Length == 0 ? "the client gave no reason" : said,
        Fix = SetUp,
    };

    /// <summary>The daemon is there and refuses this user.</summary>
    public static Diagnostic PermissionDenied(string said) => new()
    {
        Code = "BTL4102",
        Message = "this user may not talk to the Docker engine",
        Why = said,
        Fix = "add the user to the group that owns the socket (usually 'docker') and log in again, or use a rootless engine",
    };

    /// <summary>The engine is too old.</summary>
    public static Diagnostic EngineTooOld(string version, string oldest) => new()
    {
        Code = "BTL4103",
        Message = $"Docker engine {version} is older than {oldest}",
        Why = "older engines let an internal network talk to the host and resolve outside names",
        Fix = $"install Docker {oldest} or later",
    };

    /// <summary>The client has no Compose plugin.</summary>
    public static Diagnostic ComposeMissing() => new()
    {
        Code = "BTL4104",
        Message = "the docker client has no Compose plugin",
        Why = "each bottle is a Compose project",
        Fix = "install Compose v2 (package docker-compose-plugin, or docker-compose of a recent Debian), or run the same command with --setup",
    };

    /// <summary>Compose is too old.</summary>
    public static Diagnostic ComposeTooOld(string version, string oldest) => new()
    {
        Code = "BTL4105",
        Message = $"Docker Compose {version} is older than {oldest}",
        Why = "Bottle waits for health with 'up --wait' and depends_on conditions",
        Fix = $"install Compose {oldest} or later",
    };

    /// <summary>The client printed something that is not what was asked for.</summary>
    public static Diagnostic AnswerUnreadable(string what, string reason) => new()
    {
        Code = "BTL4120",
        Message = $"the docker client's answer cannot be read ({what})",
        Why = reason,
        Fix = "check that 'docker' is Docker's own client: 'docker version'",
    };

    /// <summary>A subnet is taken by another network.</summary>
    public static Diagnostic PoolOverlaps(string network) => new()
    {
        Code = "BTL4130",
        Message = $"the subnet of network '{network}' is taken by another network",
        Why = "networks of one engine must not overlap",
        Fix = "start again, which takes another subnet; or give Bottle another range: 'subnets' in config.yaml of its home",
    };

    /// <summary>An image is not in the engine, and is not pulled at this point.</summary>
    public static Diagnostic ImageMissing(string image) => new()
    {
        Code = "BTL4131",
        Message = $"image '{image}' is not there",
        Why = "images are built or pulled before the project starts, never while it does",
        Fix = "run --target=BuildImages, or the same command with --setup",
    };

    /// <summary>A service did not become healthy.</summary>
    public static Diagnostic ServiceUnhealthy(string container, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4132",
        Message = $"container '{container}' did not become healthy",
        Why = Last(lastLines),
    };

    /// <summary>A service ended while the project started.</summary>
    public static Diagnostic ServiceExited(string container, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4133",
        Message = $"container '{container}' ended while the bottle started",
        Why = Last(lastLines),
    };

    /// <summary>A container of that name is there already.</summary>
    public static Diagnostic NameTaken(string container) => new()
    {
        Code = "BTL4135",
        Message = $"a container named '{container}' is there already",
        Why = "another run, or another home, uses the same identity",
        Fix = "start again, which takes a new identity; or remove what was left: --target=Cleanup",
    };

    /// <summary>A program is not on PATH, or not where its path says.</summary>
    public static Diagnostic ExecutableMissing(string program) => program.Contains('/', StringComparison.Ordinal)
        ? new Diagnostic
        {
            Code = ExecutableMissingCode,
            Message = $"there is no program '{program}'",
            Why = "no file stands there that this user may execute",
            Fix = "correct the path, or make the file executable (chmod +x)",
        }
        : new Diagnostic
        {
            Code = ExecutableMissingCode,
            Message = $"program '{program}' was not found",
            Why = "Bottle looks in the absolute folders of PATH only, never in the working directory",
            Fix = $"install '{program}', or add its folder to PATH",
        };

    /// <summary>A command ended with an exit code other than 0.</summary>
    public static Diagnostic CommandFailed(string commandLine, int exitCode, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL4111",
        Message = $"command failed with exit code {exitCode}: {commandLine}",
        Why = lastLines.Count == 0 ? "it printed nothing" : "its last lines:\n" + string.Join('\n', lastLines),
    };

    /// <summary>A program is there and does not start.</summary>
    public static Diagnostic CannotStart(string commandLine, string reason) => new()
    {
        Code = "BTL4112",
        Message = $"command cannot be started: {commandLine}",
        Why = reason,
    };

    /// <summary>The folder that a command shall run in does not exist.</summary>
    public static Diagnostic WorkingDirectoryMissing(string commandLine, string folder) => new()
    {
        Code = "BTL4113",
        Message = $"folder '{folder}' does not exist",
        Why = $"this command was to run there: {commandLine}",
    };

    private static string Last(IReadOnlyList<string> lines) => lines.Count == 0 ? "it wrote no log" : "its last lines:\n" + string.Join('\n', lines);
}
