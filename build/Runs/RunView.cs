using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.State;

namespace Bottle.Build.Runs;

/// <summary>A run as lists show it.</summary>
/// <param name="Identity">The run.</param>
/// <param name="Agent">The agent's name; empty when nothing says it.</param>
/// <param name="Bottle">The bottle's name; empty when nothing says it.</param>
/// <param name="Started">When it was launched, or null.</param>
/// <param name="State"><c>running</c>, <c>detached</c>, <c>left up on purpose</c>, <c>kept</c> (its state alone), <c>killed</c>, or <c>unreadable</c>.</param>
/// <param name="LastStage">The stage that was recorded last, or null.</param>
/// <param name="Doing">The stages that run now, or in which the run was killed, with spaces between; empty when there is none.</param>
internal sealed record RunView(string Identity, string Agent, string Bottle, DateTimeOffset? Started, string State, string? LastStage, string Doing)
{
    /// <summary>Reads what there is of a run; only looks.</summary>
    internal static RunView Read(BottleContext context, string identity)
    {
        try
        {
            var state = context.Store.Open(identity);
            var metadata = state?.ReadMetadata();
            var last = metadata?.Stages.MaxBy(stage => stage.Started + TimeSpan.FromMilliseconds(stage.Milliseconds));
            return new RunView(identity, metadata?.AgentName ?? "", metadata?.Bottle ?? "", metadata?.StartedAt, context.Store.Standing(identity), last is null ? null : $"{last.Name} {last.Result}", state?.Doing ?? "");
        }
        catch (BottleException)
        {
            return new RunView(identity, "", "", null, "unreadable", null, "");
        }
    }
}
