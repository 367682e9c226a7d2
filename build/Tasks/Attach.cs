using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>
/// Runs the agent's command in its container, on this terminal when there is one, and keeps its exit code. With <c>--detach</c> it hands the run to a keeper; to a run
/// that a keeper owns it brings this terminal back (SPEC E10).
/// </summary>
[TaskDescription("Runs the agent's command in its container, or comes back to it where it runs already")]
[IsDependentOn(typeof(Provision))]
[Takes("bottle", "agent", "prompt", "cwd", "mount", "detach", "yes", "force", "keep")]
internal sealed class Attach : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.IsAboutARunElsewhere)
        {
            await new KeptRun(context, context.Arguments.Bottle!).ComeBackAsync();
            return;
        }
        if (context.Detaches)
        {
            var kept = await KeptRun.HandOverAsync(context);
            if (!context.Arguments.Detach) await kept.ComeBackAsync();
            return;
        }
        var plan = context.Launch.RequiredPlan;
        var agent = plan.Names.Container("agent");
        var asked = plan.Agent.Request is not null;
        var terminal = !asked && !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;
        context.Console.Line();
        using (context.Console.HandOver())
        {
            await AgentSession.RunAsync(context, environment => context.Arguments.Json
                ? CaptureAsync(context, agent, environment)
                : context.Engine.AttachExecAsync(agent, plan.Agent.Invocation, terminal, terminal ? AgentSession.OnThisTerminal(plan, environment) : environment, interactive: !asked, cancellationToken: context.Cancellation));
        }
        context.Console.Line();
    }

    // Standard output belongs to the result: what the agent prints goes where everything for people goes.
    private static async Task<int> CaptureAsync(BottleContext context, string agent, IReadOnlyDictionary<string, string?> environment)
    {
        var values = environment.ToDictionary(variable => variable.Key, variable => variable.Value ?? "");
        return (await context.Engine.ExecAsync(agent, context.Launch.RequiredPlan.Agent.Invocation, environment: values, onLine: context.Console.Say, cancellationToken: context.Cancellation)).ExitCode;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        var how = (plan.Agent.Request is null ? "" : ", which reads its prompt and has no terminal") + (context.Detaches ? ", under a keeper" : "");
        yield return $"run {string.Join(' ', plan.Agent.Command)} in {plan.Names.Container("agent")}{how}";
    }
}
