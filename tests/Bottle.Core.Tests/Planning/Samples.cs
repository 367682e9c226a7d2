using Bottle.Contracts.Git;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;

namespace Bottle.Core.Tests.Planning;

/// <summary>Manifests as a reader would hand them over, and the launches that plan them.</summary>
internal static class Samples
{
    public const string File = "bottles/dev.md";

    public static readonly ProviderManifest Claude = new()
    {
        Name = "claude",
        File = "bottles/providers/claude.yaml",
        Command = "claude",
        Routes =
        [
            new RouteManifest
            {
                Host = At("api.anthropic.com", 4, "bottles/providers/claude.yaml"),
                Methods = ["POST"],
                Paths = ["/v1/messages", "/v1/messages/count_tokens"],
                Inspect = false,
                ModelApi = true,
                Where = new SourceSpan("bottles/providers/claude.yaml", 4, 5),
            },
        ],
        Credentials =
        [
            new ProviderCredential(Auth(AuthScheme.Bearer, "CLAUDE_CODE_OAUTH_TOKEN"), "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
            new ProviderCredential(Auth(AuthScheme.Header, "ANTHROPIC_API_KEY", "x-api-key"), "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY"),
        ],
        Environment = [Literal("DISABLE_AUTOUPDATER", "1", 20)],
        PromptArguments = ["-p"],
        Instructions = ".claude/CLAUDE.md",
        Settings =
        [
            new ProviderSetting(".claude.json", """{"hasCompletedOnboarding": true, "projects": {"{workdir}": {"hasTrustDialogAccepted": true}}}""", false),
            new ProviderSetting(".claude.json", """{"mcpServers": {"supervise": {"type": "http", "url": "{supervise}"}}}""", true),
        ],
    };

    public static readonly ProviderManifest Codex = new()
    {
        Name = "codex",
        File = "bottles/providers/codex.yaml",
        Command = "codex",
        PromptArguments = ["exec", "-"],
        Settings =
        [
            new ProviderSetting(".codex/config.toml", "[projects.\"{workdir}\"]\ntrust_level = \"trusted\"\n", false),
            new ProviderSetting(".codex/config.toml", "\n[mcp_servers.supervise]\nurl = \"{supervise}\"\n", true),
        ],
    };

    public static SourceSpan Span(int line, string file = File) => new(file, line, 3);

    public static Located<string> At(string value, int line, string file = File) => new(value, Span(line, file));

    public static AuthManifest Auth(AuthScheme scheme, string variable, string header = "authorization", int line = 9) =>
        new() { Scheme = scheme, Header = header, Token = new Located<SecretRef>(new SecretRef.Environment(variable), Span(line)) };

    public static RouteManifest Route(string host, int line = 7) => new() { Host = At(host, line), Where = Span(line) };

    public static EnvironmentManifest Literal(string name, string value, int line = 3) => new() { Name = name, Literal = value, Where = Span(line) };

    public static EnvironmentManifest FromHost(string name, string host, int line = 3) => new() { Name = name, FromHost = host, Where = Span(line) };

    public static TestUpstreamManifest Upstream(string host, int line = 20) => new(At(host, line), At("bottle-demo-upstream", line), Span(line));

    public static GitRemoteManifest Remote(string name, string upstream, int line = 16)
    {
        SshUpstream.TryParse(upstream, out var parsed, out _);
        return new GitRemoteManifest
        {
            Name = At(name, line),
            Upstream = new Located<SshUpstream>(parsed!, Span(line)),
            IdentityFile = At("~/.ssh/agent_key", line + 1),
            KnownHosts = new KnownHostsManifest($"{parsed!.Host} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQBGeVJn0ndT2ltvOwFlafY5bDuqqVwNl0GW/wCjj20\n", null, Span(line + 2)),
            Where = Span(line),
        };
    }

    public static LaunchRequest Launch(BottleManifest? bottle = null, params string[] command) => new()
    {
        Identity = "implementer-00000",
        Agent = new AgentManifest
        {
            Name = "implementer",
            File = "bottles/agents/implementer.md",
            Bottle = At("dev", 2, "bottles/agents/implementer.md"),
            Command = command.Length == 0 ? ["bash"] : command,
            Prompt = "Work through the issue list.",
            Where = Span(1, "bottles/agents/implementer.md"),
        },
        Bottle = bottle ?? Bottle(),
        Providers = [Claude, Codex],
    };

    public static BottleManifest Bottle(params RouteManifest[] routes) => new() { Name = "dev", File = File, Routes = routes };

    public static HostFacts Facts(params string[] variables) => new()
    {
        Variables = variables.ToHashSet(),
        Images = new ImageFacts { TestUpstreams = new Dictionary<string, string> { ["bottle-demo-upstream"] = "bottle-demo-upstream:0123456789ab" } },
    };

    public static BottlePlan Plan(LaunchRequest request, HostFacts? facts = null) => Planner.Plan(request, facts ?? Facts()).Require();

    public static BottlePlan Plan(params RouteManifest[] routes) => Plan(Launch(Bottle(routes)));

    public static IReadOnlyList<string> Codes(LaunchRequest request, HostFacts? facts = null) =>
        [.. Planner.Plan(request, facts ?? Facts()).Diagnostics.Select(d => d.Code)];

    /// <summary>The launch of the demo: a stand-in for pipelock and an upstream of ours.</summary>
    public static LaunchRequest Demo()
    {
        var route = Route("api.demo.test") with { Methods = ["GET"], Paths = ["/v1/*"], Auth = Auth(AuthScheme.Bearer, "DEMO_TOKEN") };
        return Launch(Bottle(route) with { TestUpstreams = [Upstream("api.demo.test")] });
    }

    /// <summary>The launch of the git demo: a repository on an upstream of ours, and nothing else.</summary>
    public static LaunchRequest GitDemo() => Launch(Bottle() with
    {
        Git = [Remote("demo", "git@git.demo.test:demo.git") with { IdentityFile = null, KnownHosts = null }],
        TestUpstreams = [Upstream("git.demo.test")],
    });

    public static HostFacts DemoFacts() => Facts("DEMO_TOKEN") with
    {
        Images = new ImageFacts
        {
            Pipelock = "bottle-pipelock-stand-in",
            PipelockIsStandIn = true,
            TestUpstreams = new Dictionary<string, string> { ["bottle-demo-upstream"] = "bottle-demo-upstream:0123456789ab" },
        },
    };
}
