using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;

namespace Bottle.Scenarios.Dashboard;

/// <summary>Two bottles of one home whose agents sleep, and what a test lets them do.</summary>
internal sealed partial class DashboardBottles : IDisposable
{
    private const string Manifest = """
        provider: none
        supervise: true
        budget: {requests: 5000}
        egress:
          routes:
            - {host: kept.demo.test, methods: [GET], path_allowlist: [/v1/*]}
        test_upstreams:
          - {host: kept.demo.test, image: bottle-demo-upstream}
          - {host: asked.demo.test, image: bottle-demo-upstream}
        """;

    private readonly List<string> identities = [];

    internal BottleHomeFolder Home { get; } = new();

    internal string First => identities[0];

    internal string Second => identities[1];

    internal static async Task<DashboardBottles> StartAsync()
    {
        var bottles = new DashboardBottles();
        bottles.Home.WriteManifests(Manifest, "['sleep', '3600']");
        for (var i = 0; i < 2; i++)
        {
            var (code, said) = await bottles.CakeAsync("--target=Start", "--agent=scenario", "--yes", "--setup", "--detach");
            if (code != 0) await bottles.StopAsync();
            Assert.That(code, Is.Zero, said);
            bottles.identities.Add(Identity().Matches(said).Select(match => match.Value).First(identity => !bottles.identities.Contains(identity)));
        }
        return bottles;
    }

    internal async Task<IReadOnlyList<string>> StopAsync()
    {
        foreach (var identity in identities) await CakeAsync("--target=Stop", $"--bottle={identity}");
        return await Home.LeftAsync();
    }

    internal async Task<(int Code, string Said)> CakeAsync(params string[] arguments)
    {
        var (code, output, error) = await Cake.RunAsync(Home, arguments);
        return (code, output + error);
    }

    /// <summary>The agent asks and waits; the answer is what its client reads.</summary>
    internal static Task<string> AskAsync(string identity, string url) => AskAsync(identity, "egress-block", new { url, reason = "the test needs it" });

    /// <summary>The same with steps on its image, and a reason that would move the cursor if it could.</summary>
    internal static Task<string> AskForStepsAsync(string identity, params string[] steps) => AskAsync(identity, "capability-block", new { steps, reason = "\u001b[2J\u001b[31mnothing to see" });

    /// <summary>The agent's container writes a line that would clear the screen and name the window.</summary>
    internal static Task<string> WriteToLogAsync(string identity, string text) => AgentAsync(identity, $"printf '\\033[2J\\033]0;owned\\007{text}\\n' >/proc/1/fd/1");

    /// <summary>The status of a request of the agent's, through its proxy.</summary>
    internal static Task<string> StatusAsync(string identity, string url) => AgentAsync(identity, $"curl -sS -o /dev/null -w '%{{http_code}}' --max-time 60 '{url}'");

    public void Dispose() => Home.Dispose();

    private static Task<string> AskAsync(string identity, string tool, object arguments)
    {
        var call = JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method = "tools/call", @params = new { name = tool, arguments } });
        return AgentAsync(identity, $"curl -sS --max-time 900 -H 'Accept: application/json, text/event-stream' -H 'Content-Type: application/json' -d '{call.Replace("'", "'\\''", StringComparison.Ordinal)}' http://supervise:9100/mcp");
    }

    private static async Task<string> AgentAsync(string identity, string script)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        var result = await BottleHomeFolder.Engine.ExecAsync(new BottleNames(identity).Container("agent"), ["bash", "-c", script], cancellationToken: patience.Token);
        return result.Output + result.Error;
    }

    [GeneratedRegex("scenario-[0-9a-z]{5}")]
    private static partial Regex Identity();
}
