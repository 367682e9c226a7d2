using System.Diagnostics;
using System.Globalization;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;

namespace Bottle.Benchmarks.Launch;

/// <summary>Manifest text to rendered files, many bottles in one process: how long it takes, where the time goes, and whether it grows with the number alone.</summary>
internal sealed class RenderingBench
{
    private const string Provider = """
        command: claude
        routes:
          - {host: api.anthropic.com, methods: [POST], path_allowlist: [/v1/messages, /v1/messages/count_tokens], inspect: false, model_api: true}
        credentials:
          - {from: CLAUDE_CODE_OAUTH_TOKEN, scheme: Bearer}
        """;

    private static readonly string[] Steps = ["read", "plan", "render"];
    private readonly ProviderManifest provider = ManifestReader.ReadProvider("bottles/providers/claude.yaml", Provider).Manifest!;

    /// <summary>The time of each step, in milliseconds, for this many bottles, no two of which are equal.</summary>
    internal IReadOnlyDictionary<string, double> Run(int bottles)
    {
        var spent = Steps.ToDictionary(step => step, _ => TimeSpan.Zero);
        for (var number = 0; number < bottles; number++)
        {
            var (bottle, agent) = Timed("read", spent, () => Read(number));
            var plan = Timed("plan", spent, () => Plan(bottle, agent));
            Timed("render", spent, () => Renderer.Render(plan).Sum(file => file.Text.Length));
        }

        return spent.ToDictionary(step => step.Key, step => step.Value.TotalMilliseconds);
    }

    private static T Timed<T>(string step, Dictionary<string, TimeSpan> spent, Func<T> work)
    {
        var clock = Stopwatch.GetTimestamp();
        var result = work();
        spent[step] += Stopwatch.GetElapsedTime(clock);
        return result;
    }

    private static (BottleManifest Bottle, AgentManifest Agent) Read(int number)
    {
        var bottle = ManifestReader.ReadBottle($"bottles/b{number}.md", Bottle(number));
        var agent = ManifestReader.ReadAgent($"bottles/agents/a{number}.md", $"---\nbottle: b{number}\n---\nWork on issue {number}.\n");
        return (bottle.Manifest ?? throw new InvalidOperationException(bottle.Diagnostics[0].Message), agent.Manifest!);
    }

    private BottlePlan Plan(BottleManifest bottle, AgentManifest agent) => Planner.Plan(
        new LaunchRequest { Identity = Identity.ForRender(agent.Name).ToString(), Agent = agent, Bottle = bottle, Providers = [provider] },
        RenderFacts.For(bottle, [provider], new ImageFacts())).Require();

    private static string Bottle(int number) => string.Create(CultureInfo.InvariantCulture, $$"""
        ---
        env: {LOG: debug, NUMBER: "{{number}}"}
        egress:
          routes:
            - {host: api{{number}}.example.com, methods: [GET, POST], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: EX_TOKEN} }
            - {host: "*.pkg{{number}}.example.net", inspect: false}
            - {host: docs.example.org, path_allowlist: [/a/*, /b, /c/d]}
        git:
          - {name: app, upstream: "ssh://git@git.example.com/app{{number}}.git", identity_file: ~/.ssh/k, known_hosts: "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQBGeVJn0ndT2ltvOwFlafY5bDuqqVwNl0GW/wCjj20"}
        supervise: true
        expect: {allow: ["GET https://api{{number}}.example.com/v1/x"], deny: ["PUT https://api{{number}}.example.com/v1/x"] }
        ---
        """);
}
