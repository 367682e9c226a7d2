using Bottle.Core.Capability;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Capability;

/// <summary>
/// Runs approved steps on the agent's image (SPEC K5): as root of a container of their own, which has the agent's network and nothing else, with what a package manager needs of root's capabilities.
/// What stands then is committed as the run's own image. The engine's build never sees them: its network would be the host's.
/// </summary>
public sealed class StepRunner(DockerEngine engine, ICommandRunner runner)
{
    private const string Mark = "/.bottle-step";
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(30);

    /// <summary>Runs the steps and makes the image; what changed. A container that is left by a killed run is taken away first.</summary>
    /// <exception cref="BottleException">BTL7402: a step failed; BTL7409: the engine would not see what they change; BTL41xx: the engine failed.</exception>
    public async Task<ImageChanges> RunAsync(BottlePlan plan, StateDirectory state, CapabilityRequest request, RunImage image, Action<string> onLine, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MayTake);
        var container = plan.Names.Container(StepContainer.Service);
        await engine.RemoveContainersAsync([container], cancellationToken).ConfigureAwait(false);
        try
        {
            await DockerAsync(["create", .. StepContainer.Create(plan, file => state[file])], limit.Token).ConfigureAwait(false);
            var before = await SnapshotAsync(container, state, limit.Token).ConfigureAwait(false);
            await DockerAsync(["start", container], limit.Token).ConfigureAwait(false);
            await RequireVisibleAsync(container, plan.Agent.Runtime.Name, limit.Token).ConfigureAwait(false);
            var environment = await StepsAsync(container, plan, request, onLine, limit.Token).ConfigureAwait(false);
            await DockerAsync(["stop", "--time", "1", container], limit.Token).ConfigureAwait(false);
            var files = (await DockerAsync(["diff", container], limit.Token).ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            var after = await SnapshotAsync(container, state, limit.Token).ConfigureAwait(false);
            await DockerAsync(["commit", .. StepContainer.Changes(plan, environment).SelectMany(change => new[] { "--change", change }), container, image.Image], limit.Token).ConfigureAwait(false);
            return ImageChanges.Between(before, after, files);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BottleException(CapabilityErrors.TookTooLong(MayTake));
        }
        finally
        {
            await engine.RemoveContainersAsync([container], CancellationToken.None).ConfigureAwait(false);
        }
    }

    // gVisor keeps what changes in a root file system to itself, unless it is told otherwise: an image that is committed then would be the old one, and nobody would know.
    private async Task RequireVisibleAsync(string container, string runtime, CancellationToken cancellationToken)
    {
        if (runtime == RuntimePlan.Runc)
            return;
        await DockerAsync(["exec", "--user", "0:0", container, "/bin/sh", "-c", $": > {Mark}"], cancellationToken).ConfigureAwait(false);
        var changed = await DockerAsync(["diff", container], cancellationToken).ConfigureAwait(false);
        await DockerAsync(["exec", "--user", "0:0", container, "/bin/sh", "-c", $"rm {Mark}"], cancellationToken).ConfigureAwait(false);
        if (!changed.Split('\n').Contains($"A {Mark}"))
            throw new BottleException(CapabilityErrors.ChangesHidden(runtime));
    }

    private async Task<List<CapabilityStep.Env>> StepsAsync(string container, BottlePlan plan, CapabilityRequest request, Action<string> onLine, CancellationToken cancellationToken)
    {
        var variables = StepContainer.Environment(plan).ToDictionary(StringComparer.Ordinal);
        var set = new List<CapabilityStep.Env>();
        foreach (var (index, step) in request.Steps.Index())
        {
            onLine($"step {index + 1} of {request.Steps.Count}: {InertText.Excerpt(step.Line, 100)}");
            switch (step)
            {
                case CapabilityStep.Env env:
                    set.Add(env);
                    variables[env.Name] = env.Value;
                    break;
                case CapabilityStep.Run run:
                    var result = await runner.RunAsync(Exec(container, variables, run.Command, onLine), cancellationToken).ConfigureAwait(false);
                    if (!result.Succeeded)
                        throw new BottleException(CapabilityErrors.StepFailed(index + 1, step.Line, result.ExitCode, result.LastLines(12)));
                    break;
            }
        }

        return set;
    }

    // Nothing in these variables is secret, and those of proxies would steer the docker client itself if it had them in its own environment.
    private static Command Exec(string container, IEnumerable<KeyValuePair<string, string>> variables, string command, Action<string> onLine) =>
        new("docker", ["exec", "--user", "0:0", .. variables.SelectMany(variable => new[] { "--env", $"{variable.Key}={variable.Value}" }), container, "/bin/sh", "-c", command])
        {
            OnLine = (line, _) => onLine($"  {InertText.Line(line)}"),
        };

    private async Task<ImageSnapshot> SnapshotAsync(string container, StateDirectory state, CancellationToken cancellationToken)
    {
        var archive = state[StateLayout.RunExport];
        try
        {
            await DockerAsync(["export", "--output", archive, container], cancellationToken).ConfigureAwait(false);
            return await ImageReader.ReadAsync(archive, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    private async Task<string> DockerAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        (await runner.RunCheckedAsync(new Command("docker", arguments), cancellationToken).ConfigureAwait(false)).Output;
}
