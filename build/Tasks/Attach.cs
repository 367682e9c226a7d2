using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Runs the agent's command in its container, on this terminal when there is one, and keeps its exit code.</summary>
[TaskDescription("Runs the agent's command in its container")]
[IsDependentOn(typeof(Provision))]
internal sealed class Attach : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        var agent = plan.Names.Container("agent");
        var terminal = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;
        var environment = context.Launch.Canaries?.AgentEnvironment ?? new Dictionary<string, string?>();
        context.Console.Line();
        context.Launch.AgentExit = context.Arguments.Json
            ? await CaptureAsync(context, agent, environment)
            : await context.Engine.AttachExecAsync(agent, plan.Agent.Command, terminal, environment, cancellationToken: context.Cancellation);
        context.Console.Line();
        if (context.Launch.Canaries?.HitsFrom(plan.Networks.Internal.Subnet) is [var hit, ..])
            throw new BottleException(LaunchErrors.NotConfined($"{hit.From} of the agent's network reached the host's {hit.Protocol} canary"));
        context.Console.Note(context.Launch.AgentExit == 0 ? "the agent ended well" : $"the agent ended with exit code {context.Launch.AgentExit}");
    }

    // Standard output belongs to the result: what the agent prints goes where everything for people goes.
    private static async Task<int> CaptureAsync(BottleContext context, string agent, IReadOnlyDictionary<string, string?> environment)
    {
        var values = environment.ToDictionary(variable => variable.Key, variable => variable.Value ?? "");
        return (await context.Engine.ExecAsync(agent, context.Launch.RequiredPlan.Agent.Command, environment: values, onLine: context.Console.Say, cancellationToken: context.Cancellation)).ExitCode;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        yield return $"run {string.Join(' ', plan.Agent.Command)} in {plan.Names.Container("agent")}";
    }
}
