using System.Diagnostics;

namespace Bottle.Scenarios.Clients;

/// <content>A neighbour that is frozen or gone: nothing goes out, the client is told soon, and it is recorded (attacks.md 29). Each test puts back what it took.</content>
internal sealed partial class ClientScenarios
{
    // A request through a connection of its own, which no earlier test has opened.
    private const string Fetch = "curl -sS --max-time 60 -w '\\n%{http_code}\\n' https://git.demo.test/git/app.git/info/refs?service=git-upload-pack\\&case=CASE";
    private const string ByItself = "for a in ADDRESSES; do curl -sSk --noproxy '*' --max-time 3 https://$a/direct; echo; done";

    [TestCase("pause", "unpause")]
    [TestCase("kill", "start")]
    public async Task Without_pipelock_a_request_fails_soon_with_a_reason_and_reaches_nobody(string away, string back)
    {
        var pipelock = bottle.Container("pipelock");
        var fetch = Fetch.Replace("CASE", away, StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        string said;
        try
        {
            await ClientBottle.DockerAsync(away, pipelock);
            clock.Restart();
            (_, said) = await bottle.AgentAsync(fetch);
        }
        finally
        {
            await ClientBottle.DockerAsync(back, pipelock);
        }
        TestContext.Out.WriteLine($"{away}: answered after {clock.Elapsed.TotalSeconds:0.0} s, the return of pipelock included");
        Assert.That(said, Does.Contain("\"code\":\"BTL6").And.Contain("\"reason\":\"").And.Contain("\n502"));
        Assert.That(await bottle.UpstreamAsync("git.demo.test"), Does.Not.Contain($"case={away}"));
        Assert.That(await bottle.RecordedAsync(r => Host(r) == "git.demo.test" && Decision(r) == "failed"), Is.Not.Empty);
        await AnswersAgainAsync("https://git.demo.test/git/app.git/info/refs?service=git-upload-pack");
    }

    // 'docker kill' counts as the operator's wish, after which the engine leaves a container alone; a process that is killed, or runs out of memory, is another thing.
    [TestCase("pipelock")]
    [TestCase("egress")]
    public async Task A_sidecar_that_is_killed_comes_back_by_itself_with_what_it_had(string service)
    {
        const string url = "https://api.demo.test/v1/hello";
        var before = await bottle.IntrospectAsync("allowlist");
        var container = bottle.Container(service);
        var started = await ClientBottle.DockerAsync("inspect", "--format", "{{.State.StartedAt}}", container);
        await bottle.KillAsync(service);
        var (_, said) = await bottle.AgentAsync($"for i in $(seq 40); do curl -sS --max-time 20 '{url}?case=killed-{service}' 2>&1 || true; echo; done");
        await AnswersAgainAsync(url);
        Assert.That(await ClientBottle.DockerAsync("inspect", "--format", "{{.State.StartedAt}}", container), Is.Not.EqualTo(started), "the engine started it again");
        Assert.That(await ClientBottle.DockerAsync("inspect", "--format", "{{.RestartCount}}", container), Does.Match("^[1-9]"));
        Assert.That(said.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.Match("from the demo upstream|\"code\":\"BTL6016\"|curl: \\((?!28\\))"), "an answer or an error that says so, and nobody waits for it");
        Assert.That((await bottle.IntrospectAsync("allowlist")).ToString(), Is.EqualTo(before.ToString()), "the same table");
        Assert.That((await bottle.IntrospectAsync("healthz")).GetProperty("missing_tokens").GetArrayLength(), Is.Zero, "the same tokens");
        // The container's own log, which compose.log is made of, shows both starts.
        var starts = service == "egress" ? "egress listens on" : "startup";
        Assert.That((await ClientBottle.DockerAsync("logs", container)).Split(starts), Has.Length.GreaterThan(2), "recorded");
    }

    [Test]
    public async Task Without_egress_nothing_leaves_the_agent()
    {
        var egress = bottle.Container("egress");
        var addresses = await ClientBottle.DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}", bottle.Container("upstream-1"), bottle.Container("pipelock"));
        string said, direct;
        int code;
        try
        {
            await ClientBottle.DockerAsync("kill", egress);
            (code, said) = await bottle.AgentAsync("curl -sS --max-time 30 https://api.demo.test/v1/hello?case=no-egress");
            (_, direct) = await bottle.AgentAsync(ByItself.Replace("ADDRESSES", addresses.ReplaceLineEndings(" "), StringComparison.Ordinal));
        }
        finally
        {
            await ClientBottle.DockerAsync("start", egress);
        }
        Assert.That(code, Is.EqualTo(5).Or.EqualTo(7), "no such proxy, or it refuses the connection");
        Assert.That(said + direct, Does.Not.Contain("demo upstream").And.Not.Contain("saw"));
        var seen = await bottle.UpstreamAsync("api.demo.test");
        Assert.That(seen, Does.Not.Contain("no-egress").And.Not.Contain("/direct"));
        await AnswersAgainAsync("https://api.demo.test/v1/hello");
    }

    private async Task AnswersAgainAsync(string url)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            if ((await bottle.AgentAsync($"curl -sS --fail --max-time 20 '{url}'")).Code == 0) return;
            await Task.Delay(500);
        }
        Assert.Fail($"{url} never came back");
    }
}
