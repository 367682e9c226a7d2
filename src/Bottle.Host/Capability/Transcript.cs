using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Capability;

/// <summary>
/// The agent's conversation, as its program keeps it in its home, kept over the change of its container. The agent wrote it: on the host it is bytes in one file, which only another container of the
/// same run unpacks, as the agent's own user.
/// </summary>
public sealed class Transcript(DockerEngine engine, ICommandRunner runner)
{
    // As text (base64), which is how it comes out of the container.
    private const int MostCharacters = 128 * 1024 * 1024;

    /// <summary>Whether a run has one.</summary>
    public static bool Exists(StateDirectory state) => File.Exists(state[StateLayout.Transcript]);

    /// <summary>Takes it out of the agent's container; false when its program keeps none, or has not yet.</summary>
    /// <exception cref="BottleException">BTL7405: it cannot be read, or is too large.</exception>
    public async Task<bool> SaveAsync(BottlePlan plan, StateDirectory state, CancellationToken cancellationToken = default)
    {
        if (plan.Agent.Transcript.Count == 0)
            return false;
        var script = $"cd {HomeFileRenderer.AgentHome} && set -- && for f in {string.Join(' ', plan.Agent.Transcript)}; do [ ! -e \"$f\" ] || set -- \"$@\" \"$f\"; done; [ $# -eq 0 ] || tar -czf - \"$@\" | base64";
        var result = await runner.RunAsync(new Command("docker", "exec", plan.Names.Container("agent"), "sh", "-c", script) { OutputLimit = MostCharacters }, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || result.Truncated)
            throw new BottleException(CapabilityErrors.TranscriptUnreadable(result.Truncated ? "it is too large" : string.Join(' ', result.LastLines(3))));
        if (result.Output.Length == 0)
            return false;
        AtomicFile.Write(state[StateLayout.Transcript], result.Output, AtomicFile.Secret);
        return true;
    }

    /// <summary>Puts it into the agent's home, unless a conversation is there already; whether it did.</summary>
    /// <exception cref="BottleException">BTL7406.</exception>
    public async Task<bool> RestoreAsync(BottlePlan plan, StateDirectory state, CancellationToken cancellationToken = default)
    {
        if (plan.Agent.Transcript is not [var first, ..] || SafeReading.Read(state[StateLayout.Transcript], MostCharacters) is not var (content, _))
            return false;
        var script = $"cd {HomeFileRenderer.AgentHome} && if [ -e {first} ]; then cat >/dev/null; echo there; else base64 -d | tar -xzf -; fi";
        var result = await engine.ExecAsync(plan.Names.Container("agent"), ["sh", "-c", script], standardInput: content, cancellationToken: cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output.Length == 0 : throw new BottleException(CapabilityErrors.TranscriptNotRestored(result.LastLines(3)));
    }
}
