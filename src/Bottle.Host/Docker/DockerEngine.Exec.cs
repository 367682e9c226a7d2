using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <content>Commands inside containers.</content>
public sealed partial class DockerEngine
{
    /// <summary>Runs a command in a container and captures what it prints, each line also given to <paramref name="onLine"/> as it comes. The values of <paramref name="environment"/> stand in no command line.</summary>
    public Task<CommandResult> ExecAsync(string container, IReadOnlyList<string> arguments, string? user = null, IReadOnlyDictionary<string, string>? environment = null,
        ReadOnlyMemory<byte>? standardInput = null, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        var values = environment?.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal) ?? [];
        return runner.RunAsync(new Command("docker", ["exec", .. Interactive(standardInput), .. User(user), .. Names(values.Keys), container, .. arguments])
        {
            Environment = values,
            StandardInput = standardInput,
            OnLine = onLine is null ? null : (line, _) => onLine(line),
            Redact = [.. values.Values.OfType<string>()],
        }, cancellationToken);
    }

    /// <summary>
    /// Runs a command in a container on Bottle's own terminal and returns its exit code. With <paramref name="tty"/> the container gets a terminal, which only works when Bottle itself has one.
    /// A variable whose value is null is passed on from Bottle's environment. A command that is not <paramref name="interactive"/> takes nothing of Bottle's standard input.
    /// </summary>
    public Task<int> AttachExecAsync(string container, IReadOnlyList<string> arguments, bool tty, IReadOnlyDictionary<string, string?>? environment = null,
        string? user = null, bool interactive = true, CancellationToken cancellationToken = default) =>
        runner.AttachAsync(AttachExec(container, arguments, tty, environment, user, interactive), cancellationToken);

    /// <summary>The command of <see cref="AttachExecAsync"/>, for a terminal that somebody else keeps.</summary>
    public static Command AttachExec(
        string container, IReadOnlyList<string> arguments, bool tty, IReadOnlyDictionary<string, string?>? environment = null, string? user = null, bool interactive = true)
    {
        var variables = environment ?? new Dictionary<string, string?>();
        return new Command("docker", ["exec", .. interactive ? ["--interactive"] : Array.Empty<string>(), .. tty ? ["--tty", "--detach-keys", NobodyTypesThis] : Array.Empty<string>(), .. User(user), .. Names(variables.Keys), container, .. arguments])
        {
            Environment = variables.Where(v => v.Value is not null).ToDictionary(StringComparer.Ordinal),
        };
    }

    // By default docker keeps Ctrl-P to itself, which programs want, and leaves at Ctrl-P Ctrl-Q.
    private const string NobodyTypesThis = "ctrl-^,ctrl-^,ctrl-^,ctrl-^,ctrl-^";

    private static string[] Interactive(ReadOnlyMemory<byte>? input) => input is null ? [] : ["--interactive"];

    private static string[] User(string? user) => user is null ? [] : ["--user", user];

    private static IEnumerable<string> Names(IEnumerable<string> names) => names.SelectMany(n => new[] { "--env", ClientEnvironment.Checked(n) });
}
