using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Finds and reads the agent, its bottle and the provider files; every error of every file at once.</summary>
[TaskDescription("Finds and reads the manifests of an agent")]
internal sealed class ResolveManifest : Stage
{
    protected override bool IsPure => true;

    protected override Task ExecuteAsync(BottleContext context, StageRun run) => ResolveAsync(context);

    /// <summary>Reads the manifests of the agent, or of the run, that is asked for.</summary>
    internal static async Task ResolveAsync(BottleContext context)
    {
        var launch = context.Launch;
        var agent = context.Arguments.Agent ?? AgentOf(context)
            ?? throw new BottleException(context.Target == nameof(Attach)
                ? CommandLineErrors.MissingArgument("bottle", context.Target, $"{context.Door.Command(context.Target, "--bottle=demo-k3x9a")}; which runs there are: dotnet cake --target=List")
                : CommandLineErrors.MissingArgument("agent", context.Target, $"{context.Door.Command(context.Target, "--agent=demo")}; which agents there are: dotnet cake --target=List"));
        launch.Manifests = context.Manifests.Load(agent);
        launch.Identity ??= context.Arguments.Bottle ?? await new IdentityMinter(context.Home).MintAsync(agent, cancellationToken: context.Cancellation);
        launch.Resumes = context.Store.Open(launch.Identity) is not null;
        context.Warn(launch.Manifests.Shadowed);
        context.Console.Note($"{launch.Manifests.Agent.File}, {launch.Manifests.Bottle.File}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => [];

    // A run that exists knows its agent.
    private static string? AgentOf(BottleContext context) =>
        context.Arguments.Bottle is not { } identity ? null
        : context.Store.Open(identity)?.ReadMetadata()?.AgentName ?? throw context.IsMissing(identity);
}
