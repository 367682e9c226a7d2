using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Workspaces;

/// <summary>Keeps the agent's processes still, however many it has left behind, while its files are read: else one could exchange a folder for a link between two looks.</summary>
internal sealed class PausedContainer : IAsyncDisposable
{
    private readonly ICommandRunner runner;
    private readonly string? container;

    private PausedContainer(ICommandRunner runner, string? container) => (this.runner, this.container) = (runner, container);

    /// <summary>Pauses a container; one that does not run is still already.</summary>
    /// <exception cref="Bottle.Core.Diagnostics.BottleException">It runs, and the engine cannot pause it.</exception>
    public static async Task<PausedContainer> OfAsync(DockerEngine engine, string container, CancellationToken cancellationToken)
    {
        var command = new Command("docker", "pause", container);
        var paused = await engine.Runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (paused.Succeeded)
            return new PausedContainer(engine.Runner, container);
        if (DockerEngine.IsNotFound(paused.Error) || paused.Error.Contains("is not running", StringComparison.Ordinal) || paused.Error.Contains("already paused", StringComparison.Ordinal))
            return new PausedContainer(engine.Runner, null);
        throw new Bottle.Core.Diagnostics.BottleException(CommandRunnerExtensions.Failed(command, paused));
    }

    /// <summary>Lets it go on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (container is not null)
            await runner.RunAsync(new Command("docker", "unpause", container)).ConfigureAwait(false);
    }
}
