using System.Text.Json;
using Bottle.Scenarios.Supervise;
using static Bottle.Scenarios.Agents.AgentBottle;

namespace Bottle.Scenarios.Agents;

/// <summary>Real agents on a prompt, without a terminal (issue 7): tools, a push through the gate, a refused host, and what their provider saw.</summary>
[RequiresEngine]
internal sealed class HeadlessScenarios
{
    private const string Refused = "curl -sS -w ' status %{http_code}' https://elsewhere.demo.test/v1/x";
    private const string Push = "git clone -q git@git.demo.test:demo.git w && cd w && git switch -qc agent/work && echo hello > new.txt && git add new.txt && git commit -qm Add-a-file && git push origin agent/work 2>&1";

    // Codex gives a command half a minute and goes on; on a machine under load a push takes longer, and must not end with Codex.
    private const string PushBeside = $"setsid sh -c '{Push}' >push.log 2>&1 &";

    [Test]
    public async Task Claude_works_on_a_prompt_pushes_through_the_gate_and_is_refused_another_host()
    {
        await using var bottle = Claude;
        await bottle.PrepareAsync(Call("Bash", new { command = "echo standing-$((40+2))", description = "The manifest's prompt" }));
        var (code, output, _) = await bottle.AskAsync(Call("Bash", new { command = Push, description = "Push" }) + "\n" + Call("Bash", new { command = Refused, description = "Elsewhere" }));
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("The script has ended after 3 calls."));
        Assert.That(await AssertThatItWorkedAsync(bottle, "messages"), Has.Some.Contains("agent/work -> agent/work"));
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    [Test]
    public async Task Codex_does_the_same_by_its_provider_file()
    {
        await using var bottle = Codex;
        await bottle.PrepareAsync(Call("exec_command", new { cmd = "echo standing-$((40+2))" }));
        var (code, output, _) = await bottle.AskAsync(string.Join('\n',
            Call("exec_command", new { cmd = PushBeside }), Call("exec_command", new { cmd = Refused }), Call("supervise/list_egress_routes", new { })));
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("The script has ended after 4 calls."));
        var results = await AssertThatItWorkedAsync(bottle, "responses");
        // Words of supervise, which shows that Codex found it; on a machine under load egress answers it late.
        Assert.That(results[^1], Does.Contain("/v1/responses").Or.Contain("egress did not answer in time"));
        // The next prompt finds the agent where the last one left it: same container, same home.
        var before = await bottle.ExecAsync("agent", "cat", "/proc/sys/kernel/random/boot_id", "/etc/hostname");
        (code, output, _) = await bottle.AskAsync(Call("exec_command", new { cmd = "cat push.log" }));
        Assert.That((code, output), Is.EqualTo((0, output)));
        Assert.That(await bottle.ExecAsync("agent", "cat", "/proc/sys/kernel/random/boot_id", "/etc/hostname"), Is.EqualTo(before));
        Assert.That(await bottle.StopAsync(), Is.Empty);
    }

    [Test]
    public async Task An_agent_that_ends_badly_ends_the_run_with_its_own_exit_code_and_nothing_is_left()
    {
        await using var bottle = new AgentBottle("[claude, --no-such-option]", "api.anthropic.com", "CLAUDE_CODE_OAUTH_TOKEN");
        await bottle.PrepareAsync("Standing.");
        Assert.That(await bottle.StopAsync(), Is.Empty);
        var (code, _, _) = await bottle.RunAsync(["--target=Start", "--prompt=Hello", .. bottle.Launch]);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(await bottle.LeftAsync(), Is.Empty);
    }

    // The agent holds the word 'placeholder'; what its provider saw is the operator's token. What its tools answered is what it told its provider.
    private static async Task<IReadOnlyList<string>> AssertThatItWorkedAsync(AgentBottle bottle, string kind)
    {
        var requests = await bottle.UpstreamAsync(kind);
        foreach (var headers in requests.Select(request => request.GetProperty("headers")))
            Assert.That(headers.GetProperty("Authorization").GetString(), Is.EqualTo($"sha256:{ClaudeBottle.Fingerprint(Token)}"));
        var results = requests.Select(request => request.GetProperty("last_result")).Where(result => result.ValueKind == JsonValueKind.String).Select(result => result.GetString()!).ToList();
        Assert.That(results, Has.Some.Contains("standing-42"), "the manifest's prompt was read");
        Assert.That(results, Has.Some.Contains("status 403").And.Some.Contains("egress-block"));
        for (var end = DateTime.UtcNow.AddMinutes(5); !(await bottle.ExecAsync("upstream-2", "git", "--git-dir=/tmp/demo.git", "log", "--format=%s", "--all")).Contains("Add-a-file", StringComparison.Ordinal); await Task.Delay(200))
            Assert.That(DateTime.UtcNow, Is.LessThan(end), "the push never arrived upstream");
        return results;
    }
}
