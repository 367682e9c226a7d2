using System.Text.Json;
using Bottle.Core.Planning;
using Bottle.Host.Processes;

namespace Bottle.Scenarios;

/// <summary>A run that uses up its budget, and gets more while its agent goes on (SPEC N10): one real bottle, a script as the agent, on a prompt.</summary>
[RequiresEngine]
internal sealed class BudgetScenarios
{
    private const string Manifest = """
        provider: scripted
        egress: {routes: [{host: api.demo.test, path_allowlist: [/v1/*]}]}
        budget: {requests: 5, minutes: 600}
        test_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]
        """;

    // Five requests pass; the sixth is refused, and the agent asks on until it is not. What it is refused costs nothing.
    private const string Work = """
        get() { curl -sS -o /tmp/body -w '%{http_code}' --max-time 60 "https://api.demo.test/v1/$1"; }
        for i in 1 2 3 4 5; do echo "answer $i: $(get within-$i)"; done
        echo "answer 6: $(get beyond)"
        cat /tmp/body; echo
        for i in $(seq 3000); do [ "$(get later)" = 200 ] && break; sleep 0.2; done
        echo "at last: $(get last)"
        for i in 1 2 3; do get end-$i >/dev/null; done
        """;

    [Test]
    public async Task A_budget_that_is_used_up_shuts_the_way_out_until_the_operator_gives_more()
    {
        using var home = new BottleHomeFolder();
        home.WriteManifests(Manifest, "[bash]");
        Directory.CreateDirectory(Path.Combine(home.Home.Bottles, "providers"));
        await File.WriteAllTextAsync(Path.Combine(home.Home.Bottles, "providers", "scripted.yaml"), "command: bash\nprompt: [-s]\n");
        var told = Path.Combine(home.Home.Root, "told");
        await File.WriteAllTextAsync(home.Home.Configuration, $$"""on_proposal: [sh, -c, 'printf "%s " "$BOTTLE_EVENT" >> {{told}}; cat >> {{told}}']""");

        using var run = Cake.Start(home, ["--target=Start", "--agent=scenario", $"--bottle={home.Identity}", "--yes", "--setup", $"--prompt={Work}"]);
        await run.SawAsync("answer 6: 403");
        Assert.That(run.Output, Does.Match("budget +600 minutes, 5 requests; when one is used up"), "said before the launch");
        Assert.That(Enumerable.Range(1, 5).Select(i => run.Output.Contains($"answer {i}: 200", StringComparison.Ordinal)), Is.All.True, run.All);
        await WaitAsync(() => run.Error.Contains("budget: 5 of 5 requests (spent); more: dotnet cake --target=Extend", StringComparison.Ordinal), run);
        await WaitAsync(() => File.Exists(told) && File.ReadAllText(told).Contains("budget-spent {", StringComparison.Ordinal), run);
        Assert.That(run.Output, Does.Contain("\"code\":\"BTL6029\"").And.Contain("\"budget_spent\"").And.Contain("5 of 5 requests"), "what the agent saw");
        Assert.That(await UpstreamSawAsync(home), Is.EqualTo(new[] { "/v1/within-1", "/v1/within-2", "/v1/within-3", "/v1/within-4", "/v1/within-5" }), "what the outside saw, while the agent asks on");
        Assert.That(Budget((await CakeAsync(home, "Info", "--format=json")).Output), Is.EqualTo((5, 5, "spent")));

        var (_, said) = await CakeAsync(home, "Extend", "--requests=+5");
        Assert.That(said, Does.Contain("revision 2 is in force, confirmed by egress").And.Contain(" of 10 requests"));
        Assert.That(await run.ExitAsync(), Is.Zero, run.All);
        Assert.That(run.Output, Does.Contain("at last: 200").And.Match(@"budget: \d+ of 600 minutes \(\d %\), 10 of 10 requests \(spent\)"), "without a restart, and at the end");

        var receipt = (await CakeAsync(home, "Receipt", "--format=json")).Output;
        Assert.That(Budget(receipt), Is.EqualTo((10, 10, "spent")));
        Assert.That(Budget((await CakeAsync(home, "Traffic", "--format=json")).Output), Is.EqualTo((10, 10, "spent")));
        await CakeAsync(home, "VerifyReceipt");
        Assert.That(JsonElement.Parse(receipt).GetProperty("decisions").EnumerateArray().Select(d => (d.GetProperty("event").GetString(), d.GetProperty("revision").GetInt32())), Is.EqualTo(new[] { ("extended", 2) }));
        Assert.That(Events(home), Is.EqualTo(new[] { "budget-warning", "budget-spent", "extended", "applied", "budget-warning", "budget-spent" }), "also what the agent used just before its end");
        var (code, _, error) = await Cake.RunAsync(home, ["--target=Extend", $"--bottle={home.Identity}", "--requests=+5"]);
        Assert.That(code, Is.EqualTo(17), error);
        Assert.That(error, Does.Contain("BTL7121"), "a run that is over");
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    private static (long Used, long Limit, string? State) Budget(string json)
    {
        var requests = JsonElement.Parse(json).GetProperty("budget").GetProperty("requests");
        return (requests.GetProperty("used").GetInt64(), requests.GetProperty("limit").GetInt64(), requests.GetProperty("state").GetString());
    }

    private static IEnumerable<string?> Events(BottleHomeFolder home) =>
        File.ReadAllLines(Path.Combine(home.Home.Runs(home.Identity), "audit.jsonl")).Select(line => JsonElement.Parse(line).GetProperty("event").GetString());

    private static async Task<IEnumerable<string?>> UpstreamSawAsync(BottleHomeFolder home)
    {
        var log = await new CommandRunner().RunCheckedAsync(new Command("docker", "logs", new BottleNames(home.Identity).Container("upstream-1")));
        return [.. log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(line => line.GetProperty("kind").GetString() == "https").Select(line => line.GetProperty("path").GetString())];
    }

    private static async Task<(string Output, string All)> CakeAsync(BottleHomeFolder home, string target, params string[] more)
    {
        var (code, output, error) = await Cake.RunAsync(home, [$"--target={target}", $"--bottle={home.Identity}", .. more]);
        Assert.That(code, Is.Zero, output + error);
        return (output, output + error);
    }

    private static async Task WaitAsync(Func<bool> condition, Cake run)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); !condition(); await Task.Delay(100))
            if (DateTime.UtcNow > end) Assert.Fail($"it never came\n{run.All}");
    }
}
