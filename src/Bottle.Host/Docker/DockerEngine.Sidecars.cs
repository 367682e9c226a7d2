using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <content>Signals to containers, and their logs.</content>
public sealed partial class DockerEngine
{
    /// <summary>Sends a signal (<c>HUP</c>) to a container's process; false when it does not run.</summary>
    public async Task<bool> SignalAsync(string container, string signal, CancellationToken cancellationToken = default)
    {
        if (socket is not null && await socket.SignalAsync(container, signal, cancellationToken).ConfigureAwait(false) is { } runs)
            return runs;
        var command = Docker("kill", "--signal", signal, container);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded || (IsNotFound(result.Error) || result.Error.Contains("is not running", StringComparison.Ordinal)
            ? false : throw new Core.Diagnostics.BottleException(CommandRunnerExtensions.Failed(command, result)));
    }

    /// <summary>Ends a container's process, whatever state the container is in, and starts it again; returns before it is well. BTL41xx when the engine cannot.</summary>
    public Task RestartAsync(string container, CancellationToken cancellationToken = default) =>
        runner.RunCheckedAsync(Docker("restart", container), cancellationToken);

    /// <summary>Runs a program of a sidecar's own to its end, as the container's user and with nothing on standard input.</summary>
    public async Task<CommandResult> AskAsync(string container, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) =>
        socket is not null && await socket.ExecAsync(container, arguments, cancellationToken).ConfigureAwait(false) is { } said
            ? new CommandResult(said.ExitCode, said.Output, said.Error)
            : await ExecAsync(container, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);

    /// <summary>Whether a container runs and its health check says that it is well; false when there is no such container.</summary>
    public async Task<bool> IsHealthyAsync(string container, CancellationToken cancellationToken = default)
    {
        if (socket is not null && await socket.IsHealthyAsync(container, cancellationToken).ConfigureAwait(false) is { } known)
            return known;
        var result = await runner.RunAsync(Docker("inspect", "--type", "container", "--format", "{{.State.Status}} {{with .State.Health}}{{.Status}}{{end}}", container), cancellationToken).ConfigureAwait(false);
        return result.Succeeded && result.Output.Trim() == "running healthy";
    }

    /// <summary>
    /// Lines that a container has written on both streams, each with the engine's own time in front (RFC 3339, of one width, so that their order as text is their order): the last <paramref name="tail"/>,
    /// or those since such a time, inclusive. None when there is no such container.
    /// </summary>
    public async Task<IReadOnlyList<string>> LogLinesAsync(string container, string? since, int? tail, CancellationToken cancellationToken = default)
    {
        if (socket is not null && await socket.LogLinesAsync(container, since, tail, cancellationToken).ConfigureAwait(false) is { } known)
            return known;
        var command = Docker(["logs", "--timestamps", .. since is null ? Array.Empty<string>() : ["--since", since], .. tail is null ? Array.Empty<string>() : ["--tail", $"{tail}"], container]);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded && !IsNotFound(result.Error))
            throw new Core.Diagnostics.BottleException(CommandRunnerExtensions.Failed(command, result));
        return result.Succeeded ? [.. Lines(result.Output).Concat(Lines(result.Error)).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Containers of a home that run, of all its bottles.</summary>
    public async Task<IReadOnlyList<ContainerInfo>> RunningAsync(string homeHash, string? identity = null, CancellationToken cancellationToken = default) =>
        [.. (await ContainersAsync(homeHash, identity, cancellationToken).ConfigureAwait(false)).Where(c => c.State == "running")];
}
