using Bottle.Host.Processes;
using static Bottle.Scenarios.Agents.AgentBottle;
using StateLayout = Bottle.Core.Planning.StateLayout;

namespace Bottle.Scenarios.Agents;

/// <summary>Real agents ask for a tool, get it, and go on in a new container with their memory (issue 7, SPEC K5; attacks.md 40).</summary>
[RequiresEngine]
internal sealed class CapabilityScenarios
{
    private static readonly string[] Steps =
    [
        "RUN printf '#!/bin/sh\\necho tool-$((40+2)) $GREETING\\n' > /usr/local/bin/newtool && chmod 4755 /usr/local/bin/newtool",
        "RUN useradd --uid 4242 extra",
        "RUN curl -sS -o /dev/null -w '%{http_code}' https://elsewhere.demo.test/ | grep 403",
        "ENV GREETING=hello",
    ];

    [TestCase("claude", "mcp__supervise__capability-block", "Bash", "command", "messages", ".claude/projects")]
    [TestCase("codex", "supervise/capability_block", "exec_command", "cmd", "responses", ".codex/sessions")]
    public async Task An_agent_gets_a_tool_and_goes_on_with_its_memory(string agent, string asks, string shell, string argument, string kind, string conversation)
    {
        await using var bottle = agent == "claude" ? Claude : Codex;
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        using var run = bottle.Begin(["--target=Start", $"--prompt={Call(asks, new { steps = Steps, reason = "The task needs newtool" })}", .. bottle.Launch]);
        var asked = await bottle.AskedAsync(() => Task.FromResult(run.All));

        Assert.That((await bottle.RunAsync([.. Approve(asked)[..^1], "--diff=000000000000"])).Code, Is.EqualTo(17), "nothing is run that was not read");
        var (code, output, error) = await bottle.RunAsync(Approve(asked));
        Assert.That(code, Is.Zero, output + error);
        Assert.That(output, Does.Contain("useradd --uid 4242 extra").And.Contain("+ extra:x:4242").And.Contain("/usr/local/bin/newtool 0:0 4755").And.Contain($"--target=Resume --bottle={Identity}"));
        await run.ExitAsync();
        Assert.That(await bottle.LeftAsync(), Has.All.StartsWith("state").Or.StartsWith("image"), "the run has ended; its state stays, and the image that it goes on with");
        Assert.That(await bottle.RequestsAsync(), Has.Some.Contains("elsewhere.demo.test").And.All.Not.Contain("\"host\":\"elsewhere.demo.test\",\"decision\":\"allowed\""));

        // The agent could write into its home until its end: what was kept beside it is what it goes on with when that is gone.
        Directory.Delete(bottle.State($"{StateLayout.AgentHome}/{conversation}"), recursive: true);

        // It remembers that it has called one tool, so that the script goes on with the second call.
        (code, output, error) = await bottle.AskAsync(Call(shell, new Dictionary<string, string> { [argument] = "newtool; id -u extra", ["description"] = "Try it" }));
        Assert.That(code, Is.Zero, output + error);
        Assert.That(output, Does.Contain("The script has ended after 2 calls."));
        var requests = await bottle.UpstreamAsync(kind);
        Assert.That(requests[0].GetProperty("turn").GetInt32(), Is.EqualTo(1), "the first request after the change has the call of before it");
        Assert.That(requests.Select(request => request.GetProperty("last_result").ToString()), Has.Some.Contains("applied").And.Some.Contains("tool-42 hello").And.Some.Contains("4242"));
        Assert.That(await File.ReadAllTextAsync(bottle.State(StateLayout.SuperviseDockerfile)), Does.Contain("useradd --uid 4242 extra"));
        var audit = await bottle.AuditAsync();
        Assert.That(audit.Select(line => line.GetProperty("event").GetString()), Is.SupersetOf(["approved", "applied"]));
        Assert.That((await bottle.RunAsync("--target=VerifyAudit", $"--bottle={Identity}")).Code, Is.Zero);

        Assert.That(await bottle.StopAsync(), Is.Empty);
        Assert.That(await ImagesAsync(), Is.Empty, "the run's own image goes with its state");
    }

    [Test]
    public async Task A_step_that_fails_changes_nothing_and_the_agent_reads_why()
    {
        await using var bottle = Claude;
        await bottle.PrepareAsync("Standing.");
        using var run = bottle.Begin(["--target=Attach", $"--prompt={Call("mcp__supervise__capability-block", new { steps = new[] { "RUN touch /made", "RUN echo no-such-$((40+2)) >&2; exit 9" }, reason = "It will fail" })}", .. bottle.Launch]);
        var (code, _, error) = await bottle.RunAsync(Approve(await bottle.AskedAsync(() => Task.FromResult(run.All))));
        Assert.That(code, Is.EqualTo(17));
        Assert.That(error, Does.Contain("BTL7402").And.Contain("no-such-42"));
        Assert.That(await run.ExitAsync(), Is.Zero, run.All);
        Assert.That((await bottle.UpstreamAsync("messages"))[^1].GetProperty("last_result").GetString(), Does.Contain("failed").And.Contain("no-such-42"));
        Assert.That(await ImagesAsync(), Is.Empty);
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    private static async Task<string> ImagesAsync() =>
        (await new CommandRunner().RunCheckedAsync(new Command("docker", "image", "ls", "--quiet", "--filter", $"reference=bottle-run:{Identity}-*"))).Output;
}
