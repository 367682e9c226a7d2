using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Checks that the launch can work and may happen: trust, engine, pipelock, the plan with what the host must have; shows what the agent will reach, and asks.</summary>
[TaskDescription("Checks what a launch needs, shows what the agent will reach, and asks")]
[IsDependentOn(typeof(ResolveManifest))]
internal sealed class Preflight : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        context.Trust.Require();
        var engine = await context.EngineGate.RequireAsync();
        await context.ReapAsync();
        var plan = await context.Planner.PlanAsync(hostIsRequired: true, engine);
        if (plan.Pipelock is not null)
            plan = await context.Planner.PlanAsync(hostIsRequired: true, engine, await context.Images.ResolvePipelockAsync(), context.Launch.Resumes);
        context.Console.Line();
        context.Console.Line(PreflightText.Render(plan));
        if (ScriptedOperator.ActsFor(context)) context.Console.Line($"{ScriptedOperator.Notice}\n");
        Ask(context);
        context.Console.Note($"engine {engine.ServerVersion}, compose {engine.ComposeVersion}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        yield return "check that the manifests are trusted and that an engine answers";
        foreach (var line in PreflightText.Render(context.Planner.PlanForRender()).Split('\n')) yield return $"show: {line}";
    }

    private static void Ask(BottleContext context)
    {
        if (context.Arguments.Yes || context.Launch.Resumes) return;
        if (System.Console.IsInputRedirected) throw new BottleException(LaunchErrors.NobodyToAsk());
        context.Console.Ask("Start it? [y/N] ");
        if (System.Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new BottleException(LaunchErrors.NotConfirmed());
    }
}
