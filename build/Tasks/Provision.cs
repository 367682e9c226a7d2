using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Puts into the agent's home what it works with, in SPEC E8's order: the prompt is mounted, skills and the git configuration are copied.</summary>
[TaskDescription("Puts skills and the git configuration into the agent's home")]
[IsDependentOn(typeof(Prove))]
internal sealed class Provision : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        List<string> done = ["the prompt is mounted"];
        if (plan.Agent.Skills.Count > 0)
        {
            var archive = context.Trust.SkillArchive();
            await InAgentAsync(context, "skills", ["tar", "--extract", "--file=-", "--directory=/home/agent"], archive);
            done.Add($"{plan.Agent.Skills.Count} skills");
        }
        if (plan.GitGate is not null)
        {
            // A copy, so that the agent's own `git config --global` works.
            await InAgentAsync(context, "git configuration", ["cp", $"{StateLayout.AgentInputMount}/{Path.GetFileName(StateLayout.AgentGitConfig)}", "/home/agent/.gitconfig"], null);
            done.Add("git is led to the gate");
        }
        context.Console.Note(string.Join(", ", done));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        foreach (var skill in context.Launch.RequiredPlan.Agent.Skills) yield return $"copy {skill} to the agent's ~/.claude/skills";
        if (context.Launch.RequiredPlan.GitGate is not null) yield return "copy the git configuration to the agent's ~/.gitconfig";
    }

    private static async Task InAgentAsync(BottleContext context, string what, IReadOnlyList<string> command, ReadOnlyMemory<byte>? input)
    {
        var result = await context.Engine.ExecAsync(context.Launch.RequiredPlan.Names.Container("agent"), command, standardInput: input, cancellationToken: context.Cancellation);
        if (!result.Succeeded) throw new BottleException(LaunchErrors.ProvisionFailed(what, result.LastLines()));
    }
}
