using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Scenarios.Agents;

namespace Bottle.Scenarios.Supervise;

/// <summary>
/// Claude Code as npm has it, without a terminal, in a bottle that may ask. What plays its model provider is the demo upstream under the provider's name: the prompt says what is called
/// (tests/Bottle.DemoUpstream/ScriptedConversation.cs). The bottle stays up after the agent's end, so that a test can look at what arrived outside.
/// </summary>
internal sealed class ClaudeBottle : IAsyncDisposable
{
    internal const string Token = "the-operators-own-token-4c1d";
    private const string Agent = "asks";
    private const string Provider = "api.anthropic.com";
    private const string Manifest = """
        supervise: true
        test_upstreams:
          - {host: api.anthropic.com, image: bottle-demo-upstream}
          - {host: api.demo.test, image: bottle-demo-upstream}
        """;

    private static readonly CommandRunner Runner = new();
    private static readonly Dictionary<string, string> Operator = new() { ["CLAUDE_CODE_OAUTH_TOKEN"] = Token };
    private readonly BottleHomeFolder home = new();
    private Cake? session;

    /// <summary>The first 16 hex digits of a credential's SHA-256: how the upstream tells what it saw.</summary>
    internal static string Fingerprint(string credential) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential)))[..16];

    internal string Identity { get; private set; } = "";

    /// <summary>Why the image cannot be made: npm cannot be reached from the engine's builds; null when it is there.</summary>
    internal static async Task<string?> MakeImageAsync()
    {
        await using var bottle = new ClaudeBottle();
        await bottle.WriteAsync("nothing");
        var (code, output, error) = await bottle.RunAsync("--target=BuildImages", $"--agent={Agent}", "--yes", "--setup", "--allow-stand-in", $"--allow-test-upstream={Provider}");
        if (code == 0)
        {
            await bottle.RunAsync("--target=Cleanup", $"--bottle={IdentityIn(output)}");
            return null;
        }
        return AgentBottle.WhyUnreachable(error) ?? throw new AssertionException(output + error);
    }

    /// <summary>Starts the agent with a prompt.</summary>
    internal async Task StartAsync(params (string Tool, object Input)[] calls)
    {
        await WriteAsync(string.Join('\n', calls.Select(call => $"CALL {call.Tool} {JsonSerializer.Serialize(call.Input)} ENDCALL")));
        session = Cake.Start(home, ["--target=Attach", $"--agent={Agent}", "--yes", "--setup", "--allow-stand-in", $"--allow-test-upstream={Provider}"], Operator);
        await session.SawAsync("\"subtype\":\"init\"");
        Identity = IdentityIn(session.Output);
    }

    /// <summary>Waits for the agent's question as its operator sees it.</summary>
    internal async Task<JsonElement> AskedAsync()
    {
        for (var end = DateTime.UtcNow.AddMinutes(5); DateTime.UtcNow < end;)
        {
            var (code, output, error) = await RunAsync("--target=Proposals", $"--bottle={Identity}", "--format=json");
            Assert.That(code, Is.Zero, output + error);
            if (JsonElement.Parse(output).GetProperty("bottles").EnumerateArray().SelectMany(asking => asking.GetProperty("proposals").EnumerateArray()).ToList() is [var proposal]) return proposal;
        }
        throw new AssertionException($"nothing was asked\n{session!.All}");
    }

    /// <summary>Grants what was asked, as it was shown.</summary>
    internal async Task ApproveAsync(JsonElement asked)
    {
        var (code, output, error) = await RunAsync("--target=Approve", $"--bottle={Identity}", $"--proposal={asked.GetProperty("id").GetString()}", $"--diff={asked.GetProperty("diff_short").GetString()}");
        Assert.That(code, Is.Zero, output + error);
    }

    /// <summary>Waits for the agent's end; what it wrote, message by message.</summary>
    internal async Task<IReadOnlyList<JsonElement>> EndAsync()
    {
        var code = await session!.ExitAsync();
        TestContext.Out.WriteLine(session.All);
        Assert.That(code, Is.Zero, session.All);
        return [.. session.Output.Split('\n').Where(line => line.StartsWith("{\"", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line))];
    }

    /// <summary>An operator's command, from another terminal.</summary>
    internal Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => Cake.RunAsync(home, arguments, Operator);

    /// <summary>What an upstream logged of the requests of one kind.</summary>
    internal async Task<IReadOnlyList<JsonElement>> UpstreamAsync(int number, string kind)
    {
        var log = await Runner.RunCheckedAsync(new Command("docker", ["logs", new BottleNames(Identity).Container($"upstream-{number}")]));
        return [.. log.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).Where(line => line.GetProperty("kind").GetString() == kind)];
    }

    /// <summary>Egress's record of the run, as it is while the run lasts.</summary>
    internal async Task<IReadOnlyList<JsonElement>> RequestsAsync() => await LinesAsync(Path.Combine(home.Home.State(Identity), StateLayout.RequestLog));

    /// <summary>The run's chain of decisions.</summary>
    internal async Task<IReadOnlyList<JsonElement>> AuditAsync() => await LinesAsync(Path.Combine(home.Home.Root, "runs", Identity, "audit.jsonl"));

    /// <summary>Takes the bottle away; what is left of it after that.</summary>
    internal async Task<IReadOnlyList<string>> StopAsync()
    {
        Assert.That((await RunAsync("--target=Cleanup", $"--bottle={Identity}")).Code, Is.Zero);
        return await home.LeftAsync();
    }

    /// <summary>What a failed test leaves up goes too.</summary>
    public async ValueTask DisposeAsync()
    {
        session?.Dispose();
        if (Identity.Length > 0 && Directory.Exists(home.Home.State(Identity))) await RunAsync("--target=Cleanup", $"--bottle={Identity}");
        home.Dispose();
    }

    private static string IdentityIn(string output) => Regex.Match(output, $"{Agent}-[0-9a-z]{{5}}").Value;

    private static async Task<IReadOnlyList<JsonElement>> LinesAsync(string file) =>
        [.. (await File.ReadAllLinesAsync(file)).Select(line => JsonElement.Parse(line))];

    // The agent has no image folder of its own, so that it gets the default image: the one with Claude Code. Its provider is not in home, so that it is trusted as a person would.
    private async Task WriteAsync(string prompt)
    {
        Directory.CreateDirectory(Path.Combine(home.Home.Bottles, "agents"));
        File.WriteAllText(Path.Combine(home.Home.Bottles, $"{Agent}.md"), $"---\n{Manifest}\n---\n");
        File.WriteAllText(
            Path.Combine(home.Home.Bottles, "agents", $"{Agent}.md"),
            $"---\nbottle: {Agent}\ncommand: {JsonSerializer.Serialize<string[]>(["claude", "-p", prompt, "--output-format", "stream-json", "--verbose", "--dangerously-skip-permissions"])}\n---\n");
        Assert.That((await RunAsync("--target=Trust", $"--agent={Agent}")).Code, Is.Zero);
    }
}
