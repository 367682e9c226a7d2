using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Certificates;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Mints the run's authorities in-process: egress's for the agent, pipelock's for egress, and the test authority that signs for test upstreams. Keys are 0600 and never enter the agent (SPEC C).</summary>
[TaskDescription("Mints the run's certificate authorities")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class MintCertificates : Stage
{
    // Sixteen bytes, with the colons between them.
    private const int FingerprintHalf = 47;

    // A run that goes on shall not lose its certificates in the middle of a day's work.
    private static readonly TimeSpan InTime = TimeSpan.FromDays(7);

    protected override async Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Pipelock is not { } pipelock) return [StageInput.Of("authorities", "none")];
        List<StageInput> inputs =
        [
            StageInput.Of("authorities", $"{plan.Identity}, pipelock, {(plan.Egress is null ? "" : "egress, ")}{(pipelock.HasOwnRoots ? "own roots" : "")}"),
            StageInput.Of("the system's roots", SystemRoots.ReadPem() ?? ""),
            .. plan.TestUpstreams.Where(upstream => upstream.HasCertificate).Select(upstream => StageInput.Of($"test upstream {upstream.Host}", upstream.Service)),
        ];
        if (context.UpstreamCaFile is { } file) inputs.Add(StageInput.Of("the upstream roots", await UpstreamCa.ReadAsync(file, context.Cancellation), file));
        return inputs;
    }

    protected override IEnumerable<string> Outputs(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Pipelock is null) return [];
        return
        [
            StateLayout.PipelockCa, StateLayout.PipelockCaKey,
            .. plan.Pipelock.HasOwnRoots ? [StateLayout.PipelockRoots] : Array.Empty<string>(),
            .. plan.Egress is null ? [] : new[] { StateLayout.EgressCa, StateLayout.EgressCaKey, StateLayout.AgentTrust, StateLayout.AgentJavaTrust, StateLayout.EgressPipelockCa, StateLayout.EgressUpstreamRoots },
            .. plan.TestUpstreams.Where(upstream => upstream.HasCertificate).SelectMany(upstream => new[] { StateLayout.UpstreamCertificate(upstream.Service), StateLayout.UpstreamKey(upstream.Service) }),
        ];
    }

    protected override Task<string?> LiveReasonAsync(BottleContext context, StageRecord record) =>
        Task.FromResult(record.Outputs is not null && TimeProvider.System.GetUtcNow() > record.Started + CertificateMinter.Lifetime - InTime ? "the certificates end soon" : null);

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Pipelock is null)
        {
            context.Console.Note("none: the agent reaches nothing");
            return;
        }
        var minter = new CertificateMinter(TimeProvider.System);
        var writer = context.Launch.Writer;
        using var pipelock = minter.MintAuthority($"Bottle pipelock {plan.Identity}");
        writer.Write(StateLayout.PipelockCa, pipelock.CertificatePem);
        writer.WriteSecret(StateLayout.PipelockCaKey, pipelock.KeySec1Pem);
        var roots = await RootsAsync(context, plan, minter);
        if (plan.Pipelock.HasOwnRoots) writer.Write(StateLayout.PipelockRoots, roots);
        if (plan.Egress is null)
        {
            context.Console.Note("pipelock's alone: the agent speaks to no TLS server");
            return;
        }
        using var egress = minter.MintAuthority($"Bottle egress {plan.Identity}");
        writer.Write(StateLayout.EgressCa, egress.CertificatePem);
        writer.WriteSecret(StateLayout.EgressCaKey, egress.KeyPkcs8Pem);
        writer.Write(StateLayout.AgentTrust, egress.CertificatePem);
        writer.Write(StateLayout.AgentJavaTrust, JavaTrustStore.Render(egress.CertificateDer));
        writer.Write(StateLayout.EgressPipelockCa, pipelock.CertificatePem);
        writer.Write(StateLayout.EgressUpstreamRoots, roots);
        // In two lines, as it would be wider than a terminal.
        var (first, second) = (egress.Sha256Fingerprint[..FingerprintHalf], egress.Sha256Fingerprint[(FingerprintHalf + 1)..]);
        context.Console.Progress($"SHA-256 {first}");
        context.Console.Progress($"        {second}");
        context.Console.Note("the agent trusts this one authority");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Pipelock is null) yield break;
        yield return plan.Egress is null ? $"mint an authority: {StateLayout.PipelockCa} (key 0600)" : $"mint two authorities: {StateLayout.EgressCa}, {StateLayout.PipelockCa} (keys 0600)";
        foreach (var upstream in plan.TestUpstreams.Where(upstream => upstream.HasCertificate)) yield return $"mint a test authority and a certificate for {upstream.Host}";
    }

    // What is trusted upstream: the system's roots, the operator's own, and the authority of test upstreams.
    private static async Task<string> RootsAsync(BottleContext context, BottlePlan plan, CertificateMinter minter)
    {
        List<string> roots = [SystemRoots.ReadPem() ?? ""];
        if (context.UpstreamCaFile is { } file) roots.Add(await UpstreamCa.ReadAsync(file, context.Cancellation));
        var upstreams = plan.TestUpstreams.Where(upstream => upstream.HasCertificate).ToList();
        if (upstreams.Count > 0)
        {
            using var authority = minter.MintAuthority($"Bottle TEST UPSTREAM {plan.Identity}");
            roots.Add(authority.CertificatePem);
            var writer = context.Launch.Writer;
            foreach (var upstream in upstreams)
            {
                var (chain, key) = authority.IssueServer(upstream.Host);
                writer.Write(StateLayout.UpstreamCertificate(upstream.Service), chain);
                writer.WriteSecret(StateLayout.UpstreamKey(upstream.Service), key);
            }
        }
        return string.Join('\n', roots.Select(pem => pem.TrimEnd('\n'))) + "\n";
    }
}
