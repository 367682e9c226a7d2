using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Certificates;
using Bottle.Host.Secrets;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes the git-gate's configuration, and copies keys and host keys to where the gate alone sees them; those of test upstreams are minted (SPEC A7, H5).</summary>
[TaskDescription("Writes the git-gate's gate.json, known_hosts and keys")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderGitGate : Stage
{
    protected override Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        var credentials = new GitCredentials(context.UserDirectory);
        List<StageInput> inputs = [.. GitGateRenderer.Render(plan).Select(file => StageInput.Of(file.Path, file.Text))];
        foreach (var remote in plan.GitGate?.Remotes.Where(remote => remote.IdentityFile is not null) ?? [])
        {
            inputs.Add(StageInput.Of($"key of {remote.Name}", credentials.Key(remote), remote.IdentityFile));
            if (remote.KnownHostsFile is not null) inputs.Add(StageInput.Of($"known hosts of {remote.Name}", credentials.KnownHosts(remote), remote.KnownHostsFile));
        }
        inputs.AddRange(plan.TestUpstreams.Where(upstream => upstream.HasGit).Select(upstream => StageInput.Of($"test upstream {upstream.Host}", upstream.Service)));
        return Task.FromResult<IReadOnlyList<StageInput>?>(inputs);
    }

    protected override IEnumerable<string> Outputs(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        return
        [
            .. GitGateRenderer.Render(plan).Select(file => file.Path),
            .. (plan.GitGate?.Remotes ?? []).Select(remote => StateLayout.GitGateKey(remote.Name)),
            .. plan.TestUpstreams.Where(upstream => upstream.HasGit).SelectMany(upstream => new[] { StateLayout.UpstreamHostKey(upstream.Service), StateLayout.UpstreamAuthorizedKeys(upstream.Service) }),
        ];
    }

    protected override Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.GitGate is not { } gate)
        {
            context.Console.Note("none: no repository is declared");
            return Task.CompletedTask;
        }
        var writer = context.Launch.Writer;
        context.Launch.Write(GitGateRenderer.Render(plan));
        writer.CreateDirectory(StateLayout.GitGateRepositories);
        var taken = new GitCache(context.Home, context.Runner, TimeProvider.System).Take(context.Launch.RequiredClaim, gate.Remotes, context.Launch.Owner);
        var credentials = new GitCredentials(context.UserDirectory);
        foreach (var remote in gate.Remotes.Where(remote => remote.IdentityFile is not null))
        {
            writer.WriteSecret(StateLayout.GitGateKey(remote.Name), credentials.Key(remote));
            if (remote.KnownHostsFile is not null) writer.Write(StateLayout.GitGateKnownHosts(remote.Name), credentials.KnownHosts(remote));
        }
        // Host keys decide whom the gate believes, and were read after the manifests were accepted.
        if (gate.Remotes.Any(remote => remote.KnownHostsFile is not null)) context.Trust.RequireUnchanged();
        foreach (var upstream in plan.TestUpstreams.Where(upstream => upstream.HasGit)) Mint(context, gate, upstream);
        context.Console.Note($"{gate.Remotes.Count} {(gate.Remotes.Count == 1 ? "repository" : "repositories")}{(taken.Count == 0 ? "" : $", with the copy of an earlier run: {string.Join(", ", taken)}")}");
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        foreach (var file in GitGateRenderer.Render(context.Launch.RequiredPlan)) yield return $"write {file.Path} ({file.Text.Length} characters)";
        foreach (var remote in context.Launch.RequiredPlan.GitGate?.Remotes ?? [])
            yield return remote.IdentityFile is { } file ? $"copy {file} to {StateLayout.GitGateKey(remote.Name)} (0600)" : $"mint the keys of {remote.Upstream.Host}";
    }

    private static void Mint(BottleContext context, GitGatePlan gate, TestUpstreamPlan upstream)
    {
        using var host = new SshKey();
        using var client = new SshKey();
        var writer = context.Launch.Writer;
        writer.WriteSecret(StateLayout.UpstreamHostKey(upstream.Service), host.PrivatePem);
        writer.Write(StateLayout.UpstreamAuthorizedKeys(upstream.Service), client.PublicLine + "\n");
        foreach (var remote in gate.Remotes.Where(remote => remote.Upstream.Host == upstream.Host))
        {
            var name = remote.Upstream.Port == 22 ? upstream.Host : $"[{upstream.Host}]:{remote.Upstream.Port}";
            writer.Write(StateLayout.GitGateKnownHosts(remote.Name), $"{name} {host.PublicLine}\n");
            writer.WriteSecret(StateLayout.GitGateKey(remote.Name), client.PrivatePem);
        }
    }
}
