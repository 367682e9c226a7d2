using System.Text;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Capability;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Puts into the agent's home what it works with, in SPEC E8's order: the prompt is mounted, skills, the git configuration and the provider's settings are copied.</summary>
[TaskDescription("Puts skills, the git configuration and the provider's settings into the agent's home")]
[IsDependentOn(typeof(Prove))]
internal sealed class Provision : Stage
{
    private const string Home = HomeFileRenderer.AgentHome;
    private const int MostOfFile = 4 * 1024 * 1024;

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
        if (context.StateToRead is { } state && await new Transcript(context.Engine, context.Runner).RestoreAsync(plan, state, context.Cancellation)) done.Add("the conversation is there again");
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
        if (plan.Agent.HomeFiles.Count > 0)
        {
            await HomeAsync(context, plan.Agent.HomeFiles);
            done.Add($"{plan.Agent.Provider} is set up");
        }
        if (plan.Supervise is not null) done.Add("the agent may ask");
        context.Console.Note(string.Join(", ", done));
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        foreach (var skill in context.Launch.RequiredPlan.Agent.Skills) yield return $"copy {skill} to the agent's ~/.claude/skills";
        if (context.Launch.RequiredPlan.GitGate is not null) yield return "copy the git configuration to the agent's ~/.gitconfig";
        foreach (var file in context.Launch.RequiredPlan.Agent.HomeFiles) yield return $"write {Home}/{file.Path}, which keeps what the agent has there";
    }

    // A fresh home takes the rendered files, all in one go. One that is in use, or an image that begins elsewhere, keeps what it has: only Bottle's own keys are set.
    private static async Task HomeAsync(BottleContext context, IReadOnlyList<HomeFile> files)
    {
        const string what = "the provider's settings";
        var script = new StringBuilder("set -e\npwd\n");
        foreach (var file in files)
        {
            var there = $"{Home}/{file.Path}";
            script.Append($"if [ \"$PWD\" = {Home} ] && [ ! -e {there} ]; then mkdir -p {Path.GetDirectoryName(there)} && cp {StateLayout.AgentHomeFileMount(file.Path)} {there}; else echo {file.Path}; fi\n");
        }
        var said = (await InAgentAsync(context, what, ["sh", "-c", script.ToString()], null)).Output.TrimEnd('\n').Split('\n');
        foreach (var file in files.Where(file => said.Skip(1).Contains(file.Path)))
        {
            var there = $"{Home}/{file.Path}";
            var existing = (await InAgentAsync(context, what, ["sh", "-c", $"[ ! -f {there} ] || head -c {MostOfFile} {there}"], null)).Output;
            var text = HomeFileRenderer.Render(file, existing.Length == 0 ? null : existing, workingDirectory: said[0]);
            if (text != existing) await InAgentAsync(context, what, ["sh", "-c", $"mkdir -p {Path.GetDirectoryName(there)} && cat > {there}.new && mv {there}.new {there}"], Encoding.UTF8.GetBytes(text));
        }
    }

    private static async Task<CommandResult> InAgentAsync(BottleContext context, string what, IReadOnlyList<string> command, ReadOnlyMemory<byte>? input)
    {
        var result = await context.Engine.ExecAsync(context.Launch.RequiredPlan.Names.Container("agent"), command, standardInput: input, cancellationToken: context.Cancellation);
        if (!result.Succeeded) throw new BottleException(LaunchErrors.ProvisionFailed(what, result.LastLines()));
        return result;
    }
}
