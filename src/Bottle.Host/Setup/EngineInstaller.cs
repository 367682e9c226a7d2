using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.Setup;

/// <summary>A Docker engine with Compose v2 and buildx from Debian packages, with and without systemd; the machine's apt configuration is read and not changed.</summary>
/// <param name="runner">What starts processes.</param>
/// <param name="context">What may be done.</param>
/// <param name="stateDirectory">Lock, logs and the note that Bottle started the engine; gone with the next boot, as the engine is.</param>
public sealed class EngineInstaller(ICommandRunner runner, SetupContext context, string stateDirectory = EngineInstaller.DefaultState)
{
    /// <summary>The usual state directory.</summary>
    public const string DefaultState = "/run/bottle-engine";

    /// <summary>Installs what is missing and starts the engine when nobody does; does nothing when all is there. <paramref name="said"/> is what the probe heard.</summary>
    /// <exception cref="BottleException">BTL4001 without <c>--setup</c>, BTL4002 when not root, BTL4003 not Debian, BTL4004 apt, BTL4005 start, BTL4006 plugins.</exception>
    public async Task EnsureAsync(string said = "", CancellationToken cancellationToken = default)
    {
        if (!context.MayInstall)
            throw new BottleException(SetupErrors.NoEngine(said, context.SetupCommandLine));
        if (!context.IsRoot)
            throw new BottleException(SetupErrors.NotRoot("install and start a Docker engine", context.SetupCommandLine));
        await RunAsync("start", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the engine when <see cref="EnsureAsync"/> started it; never another one.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => RunAsync("stop", cancellationToken);

    private async Task RunAsync(string action, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(ShellScript.Command("sh", "engine.sh", [action, stateDirectory], context.Say), cancellationToken).ConfigureAwait(false);
        if (result.Succeeded)
            return;
        var lines = result.LastLines();
        throw new BottleException(result.ExitCode switch
        {
            3 => SetupErrors.NotRoot($"{action} a Docker engine", context.SetupCommandLine),
            4 => SetupErrors.NotDebian(string.Join('\n', lines)),
            6 => SetupErrors.EngineDoesNotStart(lines),
            7 => SetupErrors.PluginsMissing(lines),
            _ => SetupErrors.InstallFailed(lines),
        });
    }
}
