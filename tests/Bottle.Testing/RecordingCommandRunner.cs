using System.Collections.Concurrent;
using Bottle.Host.Processes;

namespace Bottle.Testing;

/// <summary>A runner that starts nothing: it records what it is asked for and gives the answers that a test wrote.</summary>
public sealed class RecordingCommandRunner : ICommandRunner
{
    private readonly ConcurrentQueue<Command> commands = new();
    private readonly List<(string Part, Queue<Func<Command, CommandResult>> Answers)> script = [];
    private readonly Lock gate = new();

    /// <summary>The commands in the order in which they came.</summary>
    public IReadOnlyList<Command> Commands => [.. commands];

    /// <summary>The command lines in the order in which they came.</summary>
    public IReadOnlyList<string> Lines => [.. commands.Select(c => c.ToString())];

    /// <summary>
    /// Answers command lines that contain <paramref name="part"/>. Of several parts that fit, the one added first answers; several answers of one part are given in turn, the last one again and again.
    /// </summary>
    public RecordingCommandRunner Answer(string part, string output = "", int exitCode = 0, string error = "") =>
        Answer(part, _ => new CommandResult(exitCode, output, error));

    /// <summary>As <see cref="Answer(string, string, int, string)"/>, with an answer (or an exception) that depends on the command.</summary>
    public RecordingCommandRunner Answer(string part, Func<Command, CommandResult> answer)
    {
        lock (gate)
        {
            if (script.Find(s => s.Part == part) is { Answers: { } known })
                known.Enqueue(answer);
            else
                script.Add((part, new Queue<Func<Command, CommandResult>>([answer])));
        }
        return this;
    }

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = Next(command);
        Report(command, result.Output, isError: false);
        Report(command, result.Error, isError: true);
        return Task.FromResult(result);
    }

    /// <inheritdoc/>
    public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Next(command).ExitCode);
    }

    private CommandResult Next(Command command)
    {
        commands.Enqueue(command);
        Func<Command, CommandResult> answer;
        lock (gate)
        {
            var line = command.ToString();
            var answers = script.Find(s => line.Contains(s.Part, StringComparison.Ordinal)).Answers
                ?? throw new InvalidOperationException($"The test has no answer for: {line}");
            answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        }
        return answer(command);
    }

    private static void Report(Command command, string text, bool isError)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            command.OnLine?.Invoke(line, isError);
    }
}
