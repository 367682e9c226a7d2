using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Puts into the agent's home what it works with, in SPEC E8's order: the prompt is mounted, skills are copied.</summary>
[TaskDescription("Puts skills into the agent's home")]
[IsDependentOn(typeof(Prove))]
internal sealed class Provision : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Agent.Skills.Count == 0)
        {
            context.Console.Note("the prompt is mounted; no skills");
            return;
        }
        var archive = context.Trust.SkillArchive();
        var result = await context.Engine.ExecAsync(plan.Names.Container("agent"), ["tar", "--extract", "--file=-", "--directory=/home/agent"], standardInput: archive, cancellationToken: context.Cancellation);
        if (!result.Succeeded) throw new BottleException(LaunchErrors.ProvisionFailed("skills", result.LastLines()));
        context.Console.Note($"{plan.Agent.Skills.Count} skills");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => context.Launch.RequiredPlan.Agent.Skills.Select(skill => $"copy {skill} to the agent's ~/.claude/skills");
}
