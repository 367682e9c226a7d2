using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Scenarios.Launches;

namespace Bottle.Scenarios.Agents;

/// <summary>
/// A real agent as npm has it, in a bottle whose first test upstream plays its model provider (tests/Bottle.DemoUpstream: the prompt says what is called) and whose second is a git server. Its
/// provider file and its image are those that ship.
/// </summary>
internal sealed class AgentBottle(string command, string provider, string tokenVariable) : IAsyncDisposable
{
    internal const string Token = "the-operators-own-token-4c1d";
    private const string Agent = "worker";

    private static readonly CommandRunner Runner = new();
    private readonly BottleHomeFolder home = new();

    /// <summary>The engine of its commands from now on; null: the one that all tests use.</summary>
    internal SecondEngine? Engine { get; set; }

    internal static AgentBottle Claude => new("[claude, --dangerously-skip-permissions]", "api.anthropic.com", "CLAUDE_CODE_OAUTH_TOKEN");

    internal static AgentBottle Codex => new("[codex]", "api.openai.com", "OPENAI_API_KEY");

    /// <summary>What is typed before every target of a launch.</summary>
    internal string[] Launch => [$"--agent={Agent}", $"--bottle={Identity}", "--yes", "--setup", "--allow-stand-in", $"--allow-test-upstream={provider}"];

    // Another one in each process: on one engine two clones may run these tests at once.
    internal static string Identity { get; } = string.Create(CultureInfo.InvariantCulture, $"{Agent}-{System.Environment.ProcessId % 100_000:00000}");

    internal Dictionary<string, string> Environment => new() { [tokenVariable] = Token, ["CLAUDE_BOTTLE_HOME"] = home.Home.Root, ["PWD"] = Cake.Repository };

    /// <summary>A call of a tool, as a prompt writes it.</summary>
    internal static string Call(string tool, object input) => $"CALL {tool} {JsonSerializer.Serialize(input)} ENDCALL";

    /// <summary>Writes the manifests and makes the images; skips the test where npm cannot be reached from the engine's builds.</summary>
    internal async Task PrepareAsync(string prompt)
    {
        Directory.CreateDirectory(Path.Combine(home.Home.Bottles, "agents"));
        await File.WriteAllTextAsync(Path.Combine(home.Home.Bottles, $"{Agent}.md"), $$"""
            ---
            supervise: true
            git: [{name: demo, upstream: "git@git.demo.test:demo.git"}]
            test_upstreams:
              - {host: {{provider}}, image: bottle-demo-upstream}
              - {host: git.demo.test, image: bottle-demo-git-upstream}
            ---
            """);
        await File.WriteAllTextAsync(Path.Combine(home.Home.Bottles, "agents", $"{Agent}.md"), $"---\nbottle: {Agent}\ncommand: {command}\n---\n{prompt}\n");
        Assert.That((await RunAsync("--target=Trust", $"--agent={Agent}")).Code, Is.Zero);
        var (code, output, error) = await RunAsync(["--target=BuildImages", .. Launch]);
        if (code != 0 && WhyUnreachable(error) is { } why) MachineNeeds.AreMissing($"the agent cannot be fetched, npm is not reachable from image builds: {why}");
        Assert.That(code, Is.Zero, output + error);
    }

    /// <summary>The line in which npm says that its registry cannot be reached; null when it says no such thing.</summary>
    internal static string? WhyUnreachable(string error) =>
        Regex.Match(error, @"npm ERR! .*\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH)\b.*") is { Success: true } match ? match.Value : null;

    /// <summary>Runs the agent on a prompt, without a terminal, and leaves the bottle up.</summary>
    internal Task<(int Code, string Output, string Error)> AskAsync(string prompt) => RunAsync(["--target=Attach", $"--prompt={prompt}", .. Launch]);

    internal async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var cake = Begin(arguments);
        var code = await cake.ExitAsync();
        TestContext.Out.WriteLine(cake.All);
        return (code, cake.Output, cake.Error);
    }

    /// <summary>Starts a command that runs beside the test.</summary>
    internal Cake Begin(string[] arguments) =>
        Cake.Start(home, Cake.Repository, [.. Engine?.Inside ?? [], "dotnet", "cake", .. arguments], new Dictionary<string, string>(Engine?.Environment ?? []) { [tokenVariable] = Token });

    /// <summary>Waits for the agent's question as its operator sees it; <paramref name="seen"/> is what the run has said when none comes.</summary>
    internal async Task<JsonElement> AskedAsync(Func<Task<string>> seen)
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); DateTime.UtcNow < end; await Task.Delay(200))
        {
            // Before the run has its state there is nothing to ask for.
            if (!File.Exists(Path.Combine(home.Home.State(Identity), StateLayout.Plan))) continue;
            var (code, output, error) = await RunAsync("--target=Proposals", $"--bottle={Identity}", "--format=json");
            Assert.That(code, Is.Zero, output + error);
            if (JsonElement.Parse(output).GetProperty("bottles").EnumerateArray().SelectMany(asking => asking.GetProperty("proposals").EnumerateArray()).ToList() is [var proposal]) return proposal;
        }
        throw new AssertionException($"nothing was asked\n{await seen()}");
    }

    /// <summary>The words that approve the steps that were asked for.</summary>
    internal static string[] Approve(JsonElement asked) => ["--target=Approve", $"--bottle={Identity}", $"--proposal={asked.GetProperty("id").GetString()}", $"--diff={asked.GetProperty("diff_short").GetString()}"];

    /// <summary>A file of the run's state.</summary>
    internal string State(string file) => Path.Combine(home.Home.State(Identity), file);

    /// <summary>Egress's record of the run.</summary>
    internal async Task<IReadOnlyList<string>> RequestsAsync() => await File.ReadAllLinesAsync(Path.Combine(home.Home.Root, "runs", Identity, "requests.jsonl"));

    /// <summary>The run's chain of decisions.</summary>
    internal async Task<IReadOnlyList<JsonElement>> AuditAsync() =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(home.Home.Root, "runs", Identity, "audit.jsonl"))).Select(line => JsonElement.Parse(line))];

    /// <summary>What a test upstream logged of the requests of one kind, in their order.</summary>
    internal async Task<IReadOnlyList<JsonElement>> UpstreamAsync(string kind)
    {
        var log = await DockerAsync("logs", new BottleNames(Identity).Container("upstream-1"));
        return [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(line => line.GetProperty("kind").GetString() == kind)];
    }

    /// <summary>What a command in a container prints.</summary>
    internal Task<string> ExecAsync(string service, params string[] arguments) => DockerAsync(["exec", new BottleNames(Identity).Container(service), .. arguments]);

    /// <summary>Takes the bottle away; what is left of it after that.</summary>
    internal async Task<IReadOnlyList<string>> StopAsync()
    {
        Assert.That((await RunAsync("--target=Cleanup", $"--bottle={Identity}")).Code, Is.Zero);
        return await LeftAsync();
    }

    internal Task<IReadOnlyList<string>> LeftAsync() => home.LeftAsync();

    private async Task<string> DockerAsync(params string[] arguments) =>
        (await (Engine?.Client ?? Runner).RunCheckedAsync(new Command("docker", arguments))).Output;

    /// <summary>What a failed test leaves up goes too.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(home.Home.State(Identity))) await RunAsync("--target=Cleanup", $"--bottle={Identity}");
        home.Dispose();
    }
}
