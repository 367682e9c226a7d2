namespace Bottle.Host.Processes;

/// <summary>One process to start: an argument list, never a quoted string.</summary>
public sealed record Command
{
    /// <summary>A program by its file and arguments.</summary>
    public Command(string fileName, params IEnumerable<string> arguments)
    {
        FileName = fileName;
        Arguments = [.. arguments];
    }

    /// <summary>A path with a slash, or a name that is looked up in PATH (never in the working directory).</summary>
    public string FileName { get; init; }

    /// <summary>The arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Changes to the inherited environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Where it runs; null is the caller's working directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it reads on standard input; null is an empty input. Attached commands ignore it.</summary>
    public ReadOnlyMemory<byte>? StandardInput { get; init; }

    /// <summary>Called for every line as it comes, redacted, with whether it came on standard error; never called by two threads at once.</summary>
    public Action<string, bool>? OnLine { get; init; }

    /// <summary>Values that must not be seen in messages, progress lines and captured standard error. Standard output is data and stays as it is.</summary>
    public IReadOnlyList<string> Redact { get; init; } = [];

    /// <summary>How long it may take to end after SIGTERM, before SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Characters kept of each stream; of a longer one the end is kept and <see cref="CommandResult.Truncated"/> says so.</summary>
    public int OutputLimit { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Whether a captured command gets a session of its own (<c>setsid</c>), so that a typed Ctrl-C or a closed terminal reaches only Bottle, which then decides; a cancellation signals the whole group.
    /// False for commands that may ask something at the terminal. Without <c>setsid</c> on PATH (macOS) it has no effect. Attached commands always share the terminal's session.
    /// </summary>
    public bool OwnSession { get; init; } = true;

    /// <summary>Whether a cancellation of an attached command is for all processes below it, too: for a program that a person names, such as an editor, which may be a script.</summary>
    public bool EndsDescendants { get; init; }

    /// <summary>The command line as people read it, redacted and quoted where a shell would need it.</summary>
    public override string ToString() => new Redaction(Redact).Apply(string.Join(' ', Arguments.Prepend(FileName).Select(Quote)));

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
