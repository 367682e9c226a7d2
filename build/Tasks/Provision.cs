using System.Text;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Puts into the agent's home what it works with, in SPEC E8's order: the prompt is mounted, skills, the git configuration and Claude Code's own are copied.</summary>
[TaskDescription("Puts skills, the git configuration and Claude Code's into the agent's home")]
[IsDependentOn(typeof(Prove))]
internal sealed class Provision : Stage
{
    private const string ClaudeFile = $"{McpConfig.AgentHome}/.claude.json";
    private const int MostOfClaudeFile = 4 * 1024 * 1024;

    protected override async Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context)
    {
        var agent = (await context.ContainersAsync()).FirstOrDefault(container => container.Service == "agent");
        List<StageInput> inputs = [StageInput.Of("the agent's container", agent?.Id ?? "none"), .. context.RecordOf(nameof(RenderAgent))?.Inputs ?? []];
        if (context.Launch.RequiredPlan.Agent.Skills.Count > 0) inputs.Add(StageInput.Of("the skills", context.Trust.SkillDigest()));
        return inputs;
    }

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
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
        if (plan.Agent.Provider == AgentRenderer.ClaudeProvider)
        {
            await ClaudeAsync(context, plan);
            done.Add("Claude Code is set up");
        }
        if (plan.Supervise is not null) done.Add("the agent may ask");
        context.Console.Note(string.Join(", ", done));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        foreach (var skill in context.Launch.RequiredPlan.Agent.Skills) yield return $"copy {skill} to the agent's ~/.claude/skills";
        if (context.Launch.RequiredPlan.GitGate is not null) yield return "copy the git configuration to the agent's ~/.gitconfig";
        if (context.Launch.RequiredPlan.Agent.Provider == AgentRenderer.ClaudeProvider) yield return $"write {ClaudeFile}, which keeps what the agent has there";
    }

    // A fresh home takes the rendered file. One that is in use, or an image that begins elsewhere, keeps what it has: only Bottle's own keys are set.
    private static async Task ClaudeAsync(BottleContext context, BottlePlan plan)
    {
        const string what = "Claude Code's configuration";
        var rendered = $"{StateLayout.AgentInputMount}/{Path.GetFileName(StateLayout.AgentClaudeConfig)}";
        var script = $"if [ \"$PWD\" = {McpConfig.AgentHome} ] && [ ! -e {ClaudeFile} ]; then cp {rendered} {ClaudeFile}; else pwd; [ ! -f {ClaudeFile} ] || head -c {MostOfClaudeFile} {ClaudeFile}; fi";
        var found = (await InAgentAsync(context, what, ["sh", "-c", script], null)).Output;
        if (found.Length == 0) return;
        var (place, existing) = found.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? (found[..end], found[(end + 1)..]) : (found, "");
        var merged = Encoding.UTF8.GetBytes(McpConfig.Claude(plan, existing, place));
        await InAgentAsync(context, what, ["sh", "-c", $"cat > {ClaudeFile}.new && mv {ClaudeFile}.new {ClaudeFile}"], merged);
    }

    private static async Task<CommandResult> InAgentAsync(BottleContext context, string what, IReadOnlyList<string> command, ReadOnlyMemory<byte>? input)
    {
        var result = await context.Engine.ExecAsync(context.Launch.RequiredPlan.Names.Container("agent"), command, standardInput: input, cancellationToken: context.Cancellation);
        if (!result.Succeeded) throw new BottleException(LaunchErrors.ProvisionFailed(what, result.LastLines()));
        return result;
    }
}
