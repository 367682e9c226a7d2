using System.ComponentModel;
using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Host.Processes;

/// <summary>Starts processes by the framework's <see cref="Process"/>: no shell, no busy waiting, bounded output.</summary>
public sealed class CommandRunner : ICommandRunner
{
    // A grandchild can hold a pipe open after the command has ended: its output is awaited this long after the last data.
    private static readonly TimeSpan StragglersMayWrite = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = StartInfo(command, command.OwnSession);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Start(start, command);

        var redaction = new Redaction(command.Redact);
        var reporting = new Lock();
        LineReader Reader(Stream stream, bool isError) => new(stream, command.OutputLimit, command.OnLine is null ? null : line =>
        {
            lock (reporting)
            {
                command.OnLine(redaction.Apply(line), isError);
            }
        });
        var output = Reader(process.StandardOutput.BaseStream, isError: false);
        var error = Reader(process.StandardError.BaseStream, isError: true);
        // On threads of their own: reading a pipe blocks one, and forty bottles must not wait for the thread pool to grow.
        var readers = Task.WhenAll(OnOwnThread(output.Read), OnOwnThread(error.Read));
        var writing = OnOwnThread(() => WriteInput(process, command));

        var asked = await EndAsync(process, command, command.OwnSession, cancellationToken).ConfigureAwait(false);
        await DrainAsync(readers, output, error).ConfigureAwait(false);
        await Task.WhenAny(writing, Task.Delay(StragglersMayWrite, CancellationToken.None)).ConfigureAwait(false);

        var result = new CommandResult(process.ExitCode, output.Text, redaction.Apply(error.Text)) { Truncated = output.Truncated || error.Truncated };
        return asked ? throw new CommandCanceledException(command, result, cancellationToken) : result;
    }

    /// <inheritdoc/>
    public async Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(StartInfo(command, ownSession: false), command);
        return await EndAsync(process, command, ownSession: false, cancellationToken).ConfigureAwait(false)
            ? throw new CommandCanceledException(command, new CommandResult(process.ExitCode, "", ""), cancellationToken)
            : process.ExitCode;
    }

    private static ProcessStartInfo StartInfo(Command command, bool ownSession)
    {
        var path = command.Environment.TryGetValue("PATH", out var own) ? own : Environment.GetEnvironmentVariable("PATH");
        var program = ExecutableFinder.Find(command.FileName, path, command.WorkingDirectory)
            ?? throw new BottleException(EngineErrors.ExecutableMissing(command.FileName));
        var session = ownSession ? ExecutableFinder.Find("setsid", Environment.GetEnvironmentVariable("PATH")) : null;

        // setsid becomes the command (same process id): only a leader of a process group would have to fork, and a child is none.
        var start = new ProcessStartInfo(session ?? program) { UseShellExecute = false, WorkingDirectory = command.WorkingDirectory ?? "" };
        foreach (var argument in session is null ? command.Arguments : command.Arguments.Prepend(program))
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in command.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        return start;
    }

    private static Process Start(ProcessStartInfo start, Command command)
    {
        if (start.WorkingDirectory.Length > 0 && !Directory.Exists(start.WorkingDirectory))
            throw new BottleException(EngineErrors.WorkingDirectoryMissing(command.ToString(), start.WorkingDirectory));
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new BottleException(EngineErrors.CannotStart(command.ToString(), e.Message), e);
        }
    }

    /// <summary>
    /// Waits for the end; after a cancellation asks for it, and forces it when the grace is over. Returns whether it was asked: its exit code then says nothing (<c>docker exec</c> ends with 0 on SIGTERM).
    /// </summary>
    private static async Task<bool> EndAsync(Process process, Command command, bool ownSession, CancellationToken cancellationToken)
    {
        try
        {
            await ExitAsync(process, cancellationToken).ConfigureAwait(false);
            return false;
        }
        catch (OperationCanceledException)
        {
        }
        var below = command.EndsDescendants ? Descendants.Of(process.Id) : null;
        Signal(process, ownSession, Native.Terminate);
        below?.Signal(Native.Terminate);
        using var grace = new CancellationTokenSource(command.Grace);
        try
        {
            await ExitAsync(process, grace.Token).ConfigureAwait(false);
            await (below?.ExitAsync(grace.Token) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Signal(process, ownSession, Native.ForceEnd);
            below?.Signal(Native.ForceEnd);
            await ExitAsync(process, CancellationToken.None).ConfigureAwait(false);
        }
        return true;
    }

    /// <summary>Waits for the process alone: <see cref="Process.WaitForExitAsync"/> may also wait for its streams.</summary>
    private static async Task ExitAsync(Process process, CancellationToken cancellationToken)
    {
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Done(object? sender, EventArgs e) => exited.TrySetResult();
        process.Exited += Done;
        process.EnableRaisingEvents = true;
        if (process.HasExited)
            exited.TrySetResult();
        try
        {
            await exited.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            process.Exited -= Done;
        }
    }

    private static void Signal(Process process, bool ownSession, int signal)
    {
        if (process.HasExited)
            return;
        // The group does not exist in the first moment, before setsid has run.
        if (!ownSession || Native.Kill(-process.Id, signal) != 0)
            _ = Native.Kill(process.Id, signal);
    }

    private static async Task DrainAsync(Task readers, LineReader output, LineReader error)
    {
        while (await Task.WhenAny(readers, Task.Delay(StragglersMayWrite)).ConfigureAwait(false) != readers)
        {
            if (output.Idle >= StragglersMayWrite && error.Idle >= StragglersMayWrite)
                return;
        }
        await readers.ConfigureAwait(false);
    }

    private static void WriteInput(Process process, Command command)
    {
        try
        {
            using var input = process.StandardInput.BaseStream;
            if (command.StandardInput is { } bytes)
                input.Write(bytes.Span);
        }
        catch (IOException)
        {
            // The command ended, or closed its input, without reading everything: its exit code tells what that means.
        }
    }

    private static Task OnOwnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
