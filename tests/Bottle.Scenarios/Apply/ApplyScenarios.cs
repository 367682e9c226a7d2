using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Audit;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Apply;

/// <summary>An agent asks, a person decides, the bottle changes while it runs (issue 5): one real bottle for all tests, each of which takes the table as it finds it.</summary>
[RequiresEngine]
[NonParallelizable]
internal sealed class ApplyScenarios
{
    private const int Measured = 12;
    private ApplyBottle bottle = null!;

    [OneTimeSetUp]
    public async Task Start() => bottle = await ApplyBottle.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        try
        {
            Assert.That(await bottle.StopAsync(), Is.Empty, "nothing is left, a replaced pipelock neither");
        }
        finally
        {
            bottle.Dispose();
        }
    }

    [Test]
    public async Task What_the_operator_approves_passes_and_what_he_rejects_does_not()
    {
        var recorded = Events().Count;
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/hello"), Is.EqualTo("403"));
        var call = bottle.AskAsync("egress-block", new { url = "https://asked.demo.test/v1/hello", reason = "the greeting" });
        var seen = await bottle.SeeAsync("/v1/hello");
        var id = seen.Proposal.Id;

        var (code, said) = await bottle.CakeAsync("--target=Approve", $"--bottle={bottle.Identity}", $"--proposal={id}");
        Assert.That(code, Is.EqualTo(17), said);
        Assert.That(said, Does.Contain("BTL7106").And.Contain($"--diff={seen.Change!.ShortHash}"), "nobody has said that he saw it");
        (code, said) = await bottle.CakeAsync("--target=Approve", $"--bottle={bottle.Identity}", $"--proposal={id}", "--diff=0123456789ab");
        Assert.That(code, Is.EqualTo(17), said);
        Assert.That(said, Does.Contain("BTL7103"), "not that diff");
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/hello"), Is.EqualTo("403"));

        (code, said) = await bottle.CakeAsync("--target=Approve", $"--bottle={bottle.Identity}", $"--proposal={id}", $"--diff={seen.Change.ShortHash}");
        Assert.That(code, Is.Zero, said);
        Assert.That(await call, Does.Contain("\"status\":\"applied\""));
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/hello"), Is.EqualTo("200"));
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/other"), Is.EqualTo("403"), "the narrowest route and no more");

        call = bottle.AskAsync("egress-block", new { url = "https://asked.demo.test/v1/secret", reason = "all of it" });
        id = (await bottle.SeeAsync("/v1/secret")).Proposal.Id;
        (code, said) = await bottle.CakeAsync("--target=Reject", $"--bottle={bottle.Identity}", $"--proposal={id}", "--reason=use /v1/hello");
        Assert.That(code, Is.Zero, said);
        Assert.That(await call, Does.Contain("\"status\":\"rejected\"").And.Contain("use /v1/hello"));
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/secret"), Is.EqualTo("403"));

        (code, said) = await bottle.CakeAsync("--target=VerifyAudit", $"--bottle={bottle.Identity}");
        Assert.That(code, Is.Zero, said);
        Assert.That(Events().Skip(recorded), Is.EqualTo(new[] { "proposed", "approved", "applied", "proposed", "rejected" }));
    }

    [Test]
    public async Task A_lease_of_two_uses_gives_two_and_its_route_goes_afterwards()
    {
        var call = bottle.AskAsync("egress-block", new { url = "https://asked.demo.test/v1/twice", reason = "two of them" });
        var decision = await new OperatorDesk(bottle.Services).PrepareAsync(bottle.Identity, (await bottle.SeeAsync("/v1/twice")).Proposal.Id, LeaseTerm.Parse("2x", out _));
        await new OperatorDesk(bottle.Services).ApproveAsync(decision);
        Assert.That(await call, Does.Contain("\"status\":\"applied\""));
        Assert.That(await bottle.StatusAsync("https://asked.demo.test/v1/twice"), Is.EqualTo("200"));
        Assert.That((await bottle.CakeAsync("--target=Info", $"--bottle={bottle.Identity}")).Said, Does.Contain("/v1/twice, lease for 2 requests (1 left)"));
        var statuses = new[] { await bottle.StatusAsync("https://asked.demo.test/v1/twice"), await bottle.StatusAsync("https://asked.demo.test/v1/twice") };
        Assert.That(statuses, Is.EqualTo(new[] { "200", "403" }));
        Assert.That(await new LeaseKeeper(bottle.Services, bottle.State).TendAsync(CancellationToken.None), Does.Contain("leases ended"));
        Assert.That((await bottle.IntrospectAsync("allowlist")).ToString(), Does.Not.Contain("/v1/twice"));
    }

    [Test]
    public async Task A_table_from_an_editor_is_applied()
    {
        var editor = Path.Combine(bottle.Home.Root, "editor");
        await File.WriteAllTextAsync(editor, "#!/bin/sh\nsed -i 's#\"/v1/[*]\"#\"/v1/*\", \"/edited/*\"#' \"$1\"\n");
        File.SetUnixFileMode(editor, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("VISUAL", editor);
        try
        {
            var (code, said) = await bottle.CakeAsync("--target=EditRoutes", $"--bottle={bottle.Identity}", "--yes");
            Assert.That(code, Is.Zero, said);
        }
        finally
        {
            Environment.SetEnvironmentVariable("VISUAL", null);
        }
        Assert.That(await bottle.StatusAsync("https://kept.demo.test/edited/x"), Is.EqualTo("200"));
        Assert.That(Directory.GetFiles(bottle.Home.Root, "edit-*"), Is.Empty);
    }

    [Test]
    public async Task Pipelock_is_replaced_when_a_reload_cannot_do_it()
    {
        var call = bottle.AskAsync("pipelock-block", new { url = "https://kept.demo.test/v1/big", reason = "large downloads" });
        var seen = await bottle.SeeAsync("kept.demo.test");
        var (code, said) = await bottle.CakeAsync("--target=Approve", $"--bottle={bottle.Identity}", $"--proposal={seen.Proposal.Id}", $"--diff={seen.Change!.ShortHash}");
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("is replaced").And.Contain("all its requests had ended"));
        Assert.That(await call, Does.Contain("\"status\":\"applied\""));
        var revision = await bottle.RevisionAsync();
        Assert.That((await BottleHomeFolder.Engine.ContainersAsync(bottle.Home.Hash, bottle.Identity)).Select(c => c.Service).Where(s => s.StartsWith("pipelock", StringComparison.Ordinal)), Is.EqualTo(new[] { $"pipelock-r{revision}" }));
        Assert.That(await bottle.StatusAsync("https://kept.demo.test/v1/hello"), Is.EqualTo("200"));
    }

    /// <summary>The figure of issue 5: from the operator's yes until a request of the agent passes that did not before (median at most 300 ms on a quiet machine). It is reported; no clock decides a test.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task The_time_from_approval_to_the_next_request_is_reported(bool bySocket)
    {
        var desk = new OperatorDesk(bySocket ? bottle.Services : bottle.ServicesWith(new CommandRunner()));
        var (passed, confirmed) = (new List<double>(), new List<double>());
        var table = await desk.TableAsync(bottle.Identity);
        // Only what begins without asked.demo.test makes pipelock take a new host each time.
        if (table.Routes.Any(r => r.Host == "asked.demo.test"))
            await bottle.ChangeAsync(new PolicyChange.Table([.. table.Routes.Where(r => r.Host != "asked.demo.test")], null));
        for (var i = 0; i < Measured; i++)
        {
            var path = $"/v1/{(bySocket ? "s" : "c")}{i}";
            var url = $"https://asked.demo.test{path}";
            var call = bottle.AskAsync("egress-block", new { url, reason = "a measure" });
            var decision = await desk.PrepareAsync(bottle.Identity, (await bottle.SeeAsync(path)).Proposal.Id);
            Assert.That(decision.Shown.Pipelock, Is.EqualTo(PipelockChange.ReloadFirst));
            // On a connection of its own each time, as often as it can.
            var agent = bottle.AgentAsync($"until curl -sf -o /dev/null --max-time 20 '{url}'; do :; done; date +%s%N");
            await Task.Delay(500);
            var start = DateTime.UtcNow;
            var outcome = await desk.ApproveAsync(decision);
            var end = long.Parse((await agent).Said.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
            passed.Add((DateTime.UnixEpoch.AddTicks(end / 100) - start).TotalMilliseconds);
            confirmed.Add(outcome.Took.TotalMilliseconds);
            Assert.That(await call, Does.Contain("\"status\":\"applied\""));
            await bottle.ChangeAsync(new PolicyChange.Table([.. (await desk.TableAsync(bottle.Identity)).Routes.Where(r => r.Host != "asked.demo.test")], null));
        }
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{(bySocket ? "engine's socket" : "docker client")}: approval to the next request: median {Median(passed):0} ms ({passed.Min():0} to {passed.Max():0}); to the confirmed answer: median {Median(confirmed):0} ms ({confirmed.Min():0} to {confirmed.Max():0}); {Measured} approvals, pipelock reloaded each time"));
    }

    // With 500 at once, at a machine's load of 75 to 100, it passed twice and failed once: some requests ran into the ten seconds that pipelock gives a connection upstream (502), or that egress gives a client for its handshake.
    [TestCase(100)]
    [TestCase(500, Explicit = true, Reason = "needs a machine that can serve 500 requests at once within ten seconds; run by hand")]
    public async Task Fifty_revisions_under_load_drop_no_request_and_none_is_judged_by_two(int inFlight)
    {
        const int revisions = 50;
        var before = await bottle.RevisionAsync();
        var table = (await new OperatorDesk(bottle.Services).TableAsync(bottle.Identity)).Routes;
        var odd = new Route { Host = "kept.demo.test", PathAllowlist = ["/odd/x"], Inspect = table.First(r => r.Host == "kept.demo.test").Inspect };
        var extra = new Route { Host = "extra.demo.test", PathAllowlist = ["/x"] };
        // HTTP/1.1: Debian's curl 7.88 loses its own connections when hundreds of parallel transfers share one of HTTP/2: "no filter connected" in 14 of 60 rounds without any revision, none in 119,900 requests by HTTP/1.1 during 300 revisions.
        var load = bottle.AgentAsync($"""
            touch /tmp/go
            while [ -e /tmp/go ]; do
              curl -sS --http1.1 --no-progress-meter --parallel --parallel-immediate --parallel-max {inFlight} --max-time 600 -o /dev/null -o /dev/null -w '%{'{'}http_code{'}'} %{'{'}url_effective{'}'}\n' 'https://kept.demo.test/v1/[1-{inFlight}]' 'https://kept.demo.test/odd/x?[1-50]'
            done
            """, minutes: 30);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < revisions; i++)
            await bottle.ChangeAsync(new PolicyChange.Table([.. table, .. i % 2 == 0 ? [odd] : Array.Empty<Route>(), .. i % 10 < 5 ? [extra] : Array.Empty<Route>()], null));
        await bottle.AgentAsync("rm -f /tmp/go");
        var said = (await load).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lines = said.Where(line => !line.StartsWith("curl:", StringComparison.Ordinal)).ToList();
        foreach (var error in said.Except(lines).GroupBy(line => line)) await TestContext.Out.WriteLineAsync($"{error.Count()} times: {error.Key}");
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{revisions} revisions in {clock.Elapsed.TotalSeconds:0.0} s, {lines.Count} requests, {inFlight} at once"));
        foreach (var failure in Failures().GroupBy(reason => reason)) await TestContext.Out.WriteLineAsync($"{failure.Count()} times egress: {failure.Key}");
        Assert.That(lines.Where(line => line.Contains("/v1/", StringComparison.Ordinal) && !line.StartsWith("200 ", StringComparison.Ordinal)), Is.Empty, "always allowed, never dropped");
        Assert.That(lines.Where(line => line.Contains("/odd/", StringComparison.Ordinal)).Select(line => line[..3]).Distinct(), Is.SubsetOf(new[] { "200", "403" }));
        Assert.That(lines, Has.Count.GreaterThan(revisions));
        Assert.That(said.Except(lines), Is.Empty, "nor did the client see a connection fail");
        var judged = Records().Where(r => r.Path == "/odd/x" && r.Generation > before).ToList();
        Assert.That(judged.Where(r => (r.Decision == "allowed") != ((r.Generation - before) % 2 == 1)), Is.Empty, "each by the one table that its record names");
        Assert.That(judged.Select(r => r.Decision).Distinct(), Is.EquivalentTo(new[] { "allowed", "denied" }));
    }

    private List<string?> Events() => File.Exists(AuditLog.RunFile(bottle.Home, bottle.Identity))
        ? [.. File.ReadLines(AuditLog.RunFile(bottle.Home, bottle.Identity)).Select(line => JsonElement.Parse(line).GetProperty("event").GetString())]
        : [];

    /// <summary>What egress says of requests and connections that it neither forwarded nor refused by the table.</summary>
    private IEnumerable<string> Failures() => LogLines().Where(r => !r.TryGetProperty("status", out var status) || status.ToString() is not ("200" or "403"))
        .Select(r => $"{(r.TryGetProperty("status", out var status) ? status : default)} {(r.TryGetProperty("reason", out var reason) ? reason : default)}");

    private IEnumerable<JsonElement> LogLines() =>
        new[] { StateLayout.RequestLog, StateLayout.NewestRequestLog }.Select(log => bottle.State[log]).Where(File.Exists).SelectMany(File.ReadLines).Select(line => JsonElement.Parse(line));

    private IEnumerable<(string Path, string Decision, int Generation)> Records() =>
        LogLines().Where(r => r.TryGetProperty("generation", out _) && r.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String)
            .Select(r => (r.GetProperty("path").GetString()!, r.GetProperty("decision").GetString()!, r.GetProperty("generation").GetInt32()));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
