using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>One Compose project. <paramref name="directory"/> holds its file (<see cref="StateLayout.ComposeFile"/>); down and logs work without it.</summary>
/// <param name="engine">The engine.</param>
/// <param name="directory">The state folder.</param>
/// <param name="project">The project's name (<see cref="BottleNames.Project"/>).</param>
/// <param name="homeHash">The owner: nothing of another home is touched.</param>
public sealed class ComposeProject(DockerEngine engine, string directory, string project, string homeHash)
{
    private const string ProjectLabel = "com.docker.compose.project";
    private const string ClientFolder = "docker-client";
    private const int WaitSeconds = 120;

    /// <summary>Whether this process brought the project up: <see cref="DownAsync"/> then need not ask first whose it is, and whether it is there.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether <see cref="UpAsync"/> makes every container anew: Compose does not see that a mounted file has changed.</summary>
    public bool RecreatesAll { get; init; }

    /// <summary>The docker client's configuration folder.</summary>
    internal string ClientConfigurationFolder { get; init; } = ClientConfiguration.OperatorFolder;

    /// <summary>
    /// Starts everything and waits until it is healthy. <paramref name="environment"/> holds the values that the Compose file names; they stand in no command line and in no message.
    /// What goes wrong is in the outcome, with the last log lines of the service to blame. With <paramref name="keepsContainers"/> none that is there is made anew, whatever the file says: after a live change it differs
    /// from what was started by the names that services wait for, and the agent must not end for that.
    /// </summary>
    public async Task<ComposeOutcome> UpAsync(
        IReadOnlyDictionary<string, string> environment, Action<string>? onLine = null, bool keepsContainers = false, CancellationToken cancellationToken = default)
    {
        var variables = Variables();
        foreach (var (name, value) in environment)
            variables[ClientEnvironment.Checked(name)] = value;
        if (ClientConfiguration.WithoutProxies(ClientConfigurationFolder, Path.Combine(directory, ClientFolder)) is { } configuration)
            variables["DOCKER_CONFIG"] = configuration;
        var command = Up(variables, [.. environment.Values], keepsContainers ? ["--no-recreate"] : RecreatesAll ? ["--force-recreate"] : Array.Empty<string>()) with { OnLine = onLine is null ? null : (line, _) => onLine(line.Trim()) };
        var result = await engine.Runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? new(ComposeFailure.None) : await FailureAsync(command, result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes sure that the project's name is free, or this home's: Compose would take the containers of another home for its own, and exchange them. BTL4135 otherwise.</summary>
    public async Task RequireOwnAsync(CancellationToken cancellationToken = default)
    {
        var there = await engine.ContainersAsync([$"{ProjectLabel}={project}"], cancellationToken).ConfigureAwait(false);
        if (there.FirstOrDefault(container => container.Home != homeHash) is { } other)
            throw new BottleException(EngineErrors.NameTaken(other.Name));
    }

    /// <summary>Starts one more service of the file beside those that run, and waits until it is healthy; nothing else is made, changed or removed.</summary>
    public async Task<ComposeOutcome> UpServiceAsync(string service, CancellationToken cancellationToken = default)
    {
        var variables = Variables();
        if (ClientConfiguration.WithoutProxies(ClientConfigurationFolder, Path.Combine(directory, ClientFolder)) is { } configuration)
            variables["DOCKER_CONFIG"] = configuration;
        var command = Up(variables, [], "--no-deps", "--no-recreate", service);
        var result = await engine.Runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? new(ComposeFailure.None) : await FailureAsync(command, result, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends and removes the project's containers, networks and anonymous volumes, found by their labels. Nothing there is no error. Runs in a session of its own, so that a second Ctrl-C does not cut it.
    /// </summary>
    public async Task DownAsync(Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        if (!IsOwn && await ObjectsAsync(cancellationToken).ConfigureAwait(false) is ({ Count: 0 }, { Count: 0 }))
            return;
        // Not in the state folder: its file may be gone or broken, and without one Compose goes by labels. The root folder has no Compose file above it.
        var command = new Command("docker", "compose", "--progress", "plain", "--project-name", project, "down", "--remove-orphans", "--volumes", "--timeout", "2")
        {
            Environment = Variables(),
            WorkingDirectory = "/",
            OnLine = onLine is null ? null : (line, _) => onLine(line.Trim()),
            Grace = TimeSpan.FromSeconds(20),
        };
        var result = await engine.Runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        var (containers, networks) = await ObjectsAsync(cancellationToken).ConfigureAwait(false);
        await engine.RemoveContainersAsync([.. containers.Select(c => c.Id)], cancellationToken).ConfigureAwait(false);
        await engine.RemoveNetworksAsync([.. networks.Select(n => n.Id)], cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded && await ObjectsAsync(cancellationToken).ConfigureAwait(false) is not ({ Count: 0 }, { Count: 0 }))
            throw new BottleException(TeardownErrors.ProjectRemains(project, result.LastLines()));
    }

    /// <summary>Writes the logs of all the project's containers, ordered by time, one line each: <c>time service | text</c>, made inert (SPEC E7, M4).</summary>
    public async Task LogsAsync(TextWriter writer, CancellationToken cancellationToken = default)
    {
        var containers = await ContainersAsync(cancellationToken).ConfigureAwait(false);
        var logs = await Task.WhenAll(containers.Select(c => ContainerLogAsync(c, cancellationToken))).ConfigureAwait(false);
        var width = containers.Select(c => c.Service.Length).DefaultIfEmpty(0).Max();
        // The engine writes times of one width, in UTC: their order as text is their order.
        foreach (var (time, service, text) in logs.SelectMany(l => l).OrderBy(l => l.Time, StringComparer.Ordinal))
            await writer.WriteLineAsync($"{time} {service.PadRight(width)} | {InertText.Line(text)}").ConfigureAwait(false);
    }

    private Command Up(IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> secrets, params IEnumerable<string> more) =>
        new("docker", ["compose", "--progress", "plain", "--project-name", project, "--project-directory", directory,
            "--file", Path.Combine(directory, StateLayout.ComposeFile), "--env-file", "/dev/null",
            "up", "--detach", "--wait", "--wait-timeout", $"{WaitSeconds}", "--no-build", "--quiet-pull", .. more])
        {
            Environment = variables,
            WorkingDirectory = directory,
            Redact = secrets,
            Grace = TimeSpan.FromSeconds(10),
        };

    private async Task<IEnumerable<(string Time, string Service, string Text)>> ContainerLogAsync(ContainerInfo container, CancellationToken cancellationToken)
    {
        var lines = new List<(string, string, string)>();
        await engine.Runner.RunAsync(new Command("docker", "logs", "--timestamps", container.Id)
        {
            OnLine = (line, _) =>
            {
                var space = line.IndexOf(' ', StringComparison.Ordinal);
                lines.Add(space < 0 ? (line, container.Service, "") : (line[..space], container.Service, line[(space + 1)..]));
            },
            OutputLimit = 0,
        }, cancellationToken).ConfigureAwait(false);
        return lines;
    }

    private async Task<ComposeOutcome> FailureAsync(Command command, CommandResult result, CancellationToken cancellationToken)
    {
        var (failure, subject) = ComposeFailureReader.Read(result.Error);
        var said = result.LastLines();
        var diagnostic = failure switch
        {
            ComposeFailure.PoolOverlaps => EngineErrors.PoolOverlaps(subject ?? project),
            ComposeFailure.ImageMissing => EngineErrors.ImageMissing(subject!),
            ComposeFailure.NameTaken => EngineErrors.NameTaken(subject!),
            ComposeFailure.ServiceUnhealthy => EngineErrors.ServiceUnhealthy(subject!, await LastLogAsync(subject!, cancellationToken).ConfigureAwait(false)),
            ComposeFailure.ServiceExited => EngineErrors.ServiceExited(subject!, await LastLogAsync(subject!, cancellationToken).ConfigureAwait(false)),
            _ => EngineErrors.ComposeFailed(CommandRunnerExtensions.Failed(command, result)),
        };
        return new(failure, subject ?? (said.Count > 0 ? said[^1] : null), diagnostic);
    }

    private async Task<IReadOnlyList<string>> LastLogAsync(string container, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await engine.Runner.RunAsync(new Command("docker", "logs", "--tail", "20", container) { OnLine = (line, _) => lines.Add(InertText.Line(line)) }, cancellationToken).ConfigureAwait(false);
        var health = await engine.Runner.RunAsync(new Command("docker", "inspect", "--type", "container", "--format", "{{with .State.Health}}{{range .Log}}{{.Output}}{{end}}{{end}}", container), cancellationToken).ConfigureAwait(false);
        return [.. lines, .. health.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3).Select(l => "health check: " + InertText.Line(l))];
    }

    private async Task<IReadOnlyList<ContainerInfo>> ContainersAsync(CancellationToken cancellationToken) =>
        OwnOnly(await engine.ContainersAsync([$"{ProjectLabel}={project}"], cancellationToken).ConfigureAwait(false), c => c.Home);

    private async Task<IReadOnlyList<NetworkInfo>> NetworksAsync(CancellationToken cancellationToken) =>
        OwnOnly(await engine.NetworksAsync([$"{ProjectLabel}={project}"], cancellationToken).ConfigureAwait(false), n => n.Home);

    private async Task<(IReadOnlyList<ContainerInfo> Containers, IReadOnlyList<NetworkInfo> Networks)> ObjectsAsync(CancellationToken cancellationToken)
    {
        var containers = ContainersAsync(cancellationToken);
        var networks = NetworksAsync(cancellationToken);
        await Task.WhenAll(containers, networks).ConfigureAwait(false);
        return (await containers.ConfigureAwait(false), await networks.ConfigureAwait(false));
    }

    /// <summary>Compose removes by the project's name alone: that the name belongs to another home must stop it.</summary>
    private IReadOnlyList<T> OwnOnly<T>(IReadOnlyList<T> objects, Func<T, string> home) =>
        objects.All(o => home(o) == homeHash) ? objects : throw new BottleException(TeardownErrors.ProjectOfAnotherHome(project));

    private static Dictionary<string, string?> Variables() => ClientEnvironment.ComposeSteering.ToDictionary(n => n, _ => (string?)null, StringComparer.Ordinal);
}
