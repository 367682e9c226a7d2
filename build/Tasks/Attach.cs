using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Runs the agent's command in its container, on this terminal when there is one, and keeps its exit code.</summary>
[TaskDescription("Runs the agent's command in its container")]
[IsDependentOn(typeof(Provision))]
internal sealed class Attach : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        var terminal = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;
        var environment = context.Launch.Canaries?.AgentEnvironment ?? new Dictionary<string, string?>();
        context.Console.Line();
        context.Launch.AgentExit = await context.Engine.AttachExecAsync(plan.Names.Container("agent"), plan.Agent.Command, terminal, environment, cancellationToken: context.Cancellation);
        context.Console.Line();
        context.Console.Note(context.Launch.AgentExit == 0 ? "the agent ended well" : $"the agent ended with exit code {context.Launch.AgentExit}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        yield return $"run {string.Join(' ', plan.Agent.Command)} in {plan.Names.Container("agent")}";
    }
}
