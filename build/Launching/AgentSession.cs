using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Capability;
using Bottle.Host.Sessions;

namespace Bottle.Build.Launching;

/// <summary>What is around the agent's command wherever it runs, on this terminal or on a kept one.</summary>
internal static class AgentSession
{
    private const string Terminal = "TERM";

    /// <summary>The variables with the kind of the terminal that Bottle has now, which need not be the one of the launch; what a manifest says stands.</summary>
    internal static IReadOnlyDictionary<string, string?> OnThisTerminal(BottlePlan plan, IReadOnlyDictionary<string, string?> environment) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Terminal)) || plan.Agent.Environment.Any(variable => variable.Name == Terminal && variable.Source is not null)
            ? environment : new Dictionary<string, string?>(environment) { [Terminal] = null };

    /// <summary>Runs the command by <paramref name="run"/>, which gets the variables that the agent is told beside its own, and takes its exit code for the run's.</summary>
    internal static async Task RunAsync(BottleContext context, Func<IReadOnlyDictionary<string, string?>, Task<int>> run)
    {
        var launch = context.Launch;
        await using (RunKeeper.Start(context))
        await using (ScriptedOperator.StartFor(context))
        await using (var limits = LimitWatch.Start(context.Engine, launch.RequiredPlan, launch.RequiredClaim, TimeProvider.System))
        {
            launch.AgentExit = await run(launch.Canaries?.AgentEnvironment ?? new Dictionary<string, string?>());
            await KeepConversationAsync(context, launch.RequiredPlan);
            foreach (var line in await limits.EndAsync(launch.AgentExit.Value, context.Cancellation)) context.Console.Say($"    {line}");
        }
        if (launch.Canaries?.HitsFrom(launch.RequiredPlan.Networks.Internal.Subnet) is [var hit, ..])
            throw new BottleException(LaunchErrors.NotConfined($"{hit.From} of the agent's network reached the host's {hit.Protocol} canary"));
        context.Console.Note(launch.AgentExit == 0 ? "the agent ended well" : $"the agent ended with exit code {launch.AgentExit}");
    }

    // An approval of new steps takes the conversation while the agent still writes it, and its agent may end between two looks: now nobody writes any more.
    private static async Task KeepConversationAsync(BottleContext context, BottlePlan plan)
    {
        if (context.StateToRead is not { } state || !Transcript.Exists(state)) return;
        try
        {
            await new Transcript(context.Engine, context.Runner).SaveAsync(plan, state, CancellationToken.None);
        }
        catch (BottleException e)
        {
            context.Console.Say($"    its conversation is kept as it was before its end: {e.Diagnostics[0].Message}");
        }
    }
}
