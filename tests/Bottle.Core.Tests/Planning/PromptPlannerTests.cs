using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class PromptPlannerTests
{
    private static LaunchRequest Asked(params string[] command) => Samples.Launch(null, command) with { Prompt = "Fix the build." };

    private static HostFacts Facts => Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN");

    [Test]
    public void The_provider_says_how_its_command_takes_a_prompt()
    {
        var agent = Samples.Plan(Asked("claude", "--verbose"), Facts).Agent;
        Assert.That(agent.Command, Is.EqualTo(["claude", "--verbose", "-p"]));
        Assert.That(agent.Request, Is.EqualTo("Fix the build."));
        Assert.That(agent.Invocation, Is.EqualTo(["sh", "-c", "exec \"$@\" </etc/claude-bottle/agent/request.md", "sh", "claude", "--verbose", "-p"]));
        Assert.That(agent.HomeFiles.Single(file => file.Path == ".claude/CLAUDE.md").Text, Is.EqualTo("Work through the issue list.\n"));
    }

    [Test]
    public void Where_no_file_has_the_agents_prompt_it_comes_first() =>
        Assert.That(Samples.Plan(Asked("codex"), Facts).Agent.Request, Is.EqualTo("Work through the issue list.\n\nFix the build."));

    [Test]
    public void An_agent_at_a_terminal_is_as_its_manifest_says()
    {
        var agent = Samples.Plan(Asked("claude", "--verbose") with { Prompt = null }, Facts).Agent;
        Assert.That((agent.Request, agent.Invocation), Is.EqualTo(((string?)null, agent.Command)));
        Assert.That(agent.Command, Is.EqualTo(["claude", "--verbose"]));
    }

    [Test]
    public void A_command_without_a_provider_takes_none()
    {
        var error = Planner.Plan(Asked("bash"), Facts).Diagnostics.Single();
        Assert.That((error.Code, error.Where!.File), Is.EqualTo(("BTL2072", "bottles/agents/implementer.md")));
        Assert.That(error.Why, Does.Contain("has no provider"));
    }

    [Test]
    public void Nor_does_one_whose_provider_says_nothing_of_prompts()
    {
        var request = Asked("claude") with { Providers = [Samples.Claude with { PromptArguments = null }] };
        var error = Planner.Plan(request, Facts).Diagnostics.Single();
        Assert.That((error.Code, error.Why), Is.EqualTo(("BTL2072", "bottles/providers/claude.yaml has no 'prompt'")));
    }

    [Test]
    public void An_empty_list_is_enough_for_a_command_that_reads_a_prompt_anyway() =>
        Assert.That(Samples.Plan(Asked("claude") with { Providers = [Samples.Claude with { PromptArguments = [] }] }, Facts).Agent.Command, Is.EqualTo(["claude"]));

    [TestCase(false, false, "claude")]
    [TestCase(false, true, "claude -p")]
    [TestCase(true, false, "claude --continue")]
    [TestCase(true, true, "claude --continue -p")]
    public void A_conversation_that_was_kept_goes_on(bool continues, bool prompted, string command)
    {
        var request = Asked("claude") with { Continues = continues, Providers = [Samples.Claude with { ResumeArguments = ["--continue"], ResumePromptArguments = ["--continue", "-p"], Transcript = [".claude/projects"] }] };
        var agent = Samples.Plan(prompted ? request : request with { Prompt = null }, Facts).Agent;
        Assert.That(string.Join(' ', agent.Command), Is.EqualTo(command));
        Assert.That(agent.Transcript, Is.EqualTo([".claude/projects"]));
    }
}
