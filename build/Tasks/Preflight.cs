using Bottle.Build.Console;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Rendering;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Checks that the launch can work and may happen: trust, engine, pipelock, the plan with what the host must have; shows what the agent will reach, and asks.</summary>
[TaskDescription("Checks what a launch needs, shows what the agent will reach, and asks")]
[IsDependentOn(typeof(ResolveManifest))]
internal sealed class Preflight : Stage
{
    private const string Reach = "what the agent will reach";

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        // Before anything is asked: MintIdentity would refuse it after the answer.
        if (context.Launch is { Resumes: true, Claim: null, Identity: { } identity } && context.Store.IsHeld(identity)) throw context.IsAlive(identity);
        context.Trust.Require();
        var engine = await context.EngineGate.RequireAsync();
        var planning = context.Planner.PlanForRunAsync(hostIsRequired: true, engine);
        // Neither waits for the other.
        await Task.WhenAll(planning, context.ReapAsync(), context.Compose.RequireOwnAsync(context.Cancellation));
        var plan = await planning;
        if (plan.Revision > 1) context.Console.Say($"    goes on with revision {plan.Revision}, as it was granted; what the manifests say now applies to a new Start");
        var text = PreflightText.Render(plan);
        context.Console.Line();
        context.Console.Line(text);
        if (ScriptedOperator.ActsFor(context)) context.Console.Line($"{ScriptedOperator.Notice}\n");
        run.Inputs = [StageInput.Of(Reach, text)];
        await AskAsync(context, run.Previous?.Inputs?.FirstOrDefault(input => input.Name == Reach), run.Inputs[0]);
        context.Console.Note($"engine {engine.ServerVersion}, compose {engine.ComposeVersion}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        yield return "check that the manifests are trusted and that an engine answers";
        foreach (var line in PreflightText.Render(context.Planner.PlanForRender()).Split('\n')) yield return $"show: {line}";
    }

    // A run that is gone on with was answered before; what has changed since was not.
    private static async Task AskAsync(BottleContext context, StageInput? accepted, StageInput now)
    {
        if (context.Arguments.Yes || accepted?.Hash == now.Hash) return;
        if (accepted is not null) context.Console.Say("This is not what was accepted for this run before.");
        if (System.Console.IsInputRedirected) throw new BottleException(LaunchErrors.NobodyToAsk());
        using (context.Console.HandOver())
        {
            if (!await Question.IsYesAsync(context, "Start it? [y/N] ")) throw new BottleException(LaunchErrors.NotConfirmed());
        }
    }
}
