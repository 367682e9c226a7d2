using Bottle.Contracts.Git;
using Bottle.Contracts.Routes;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Rendering;

/// <summary>The part of SPEC D7's matrix that this version has, whole files compared.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class GoldenTests
{
    private static readonly Dictionary<string, (LaunchRequest Request, HostFacts Facts)> Cases = new()
    {
        ["no-routes"] = (Samples.Launch(), Samples.Facts()),
        ["provider"] = (Samples.Launch(null, "claude"), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["manifest"] = (Manifest(), Samples.Facts("EX_TOKEN", "API_URL")),
        ["provider-and-manifest"] = (Manifest("claude"), Samples.Facts("EX_TOKEN", "API_URL", "ANTHROPIC_API_KEY")),
        ["test-upstream"] = (Samples.Demo(), Samples.DemoFacts()),
        ["root-operator"] = (Manifest(), Samples.Facts("EX_TOKEN", "API_URL") with { Uid = 0, Gid = 0 }),
        ["rootless"] = (Manifest(), Samples.Facts("EX_TOKEN", "API_URL") with { Uid = 1001, Gid = 1001, Rootless = true }),
        ["odd-uid"] = (Samples.Launch(), Samples.Facts() with { Uid = 501, Gid = 20 }),
        ["upstream-ca"] = (Manifest() with { HasUpstreamCa = true }, Samples.Facts("EX_TOKEN", "API_URL")),
        ["provider-opened"] = (OpenedProvider(), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["missing-on-the-host"] = (Manifest("claude"), Samples.Facts()),
        ["git"] = (Git(Samples.Launch()), Samples.Facts()),
        ["git-and-provider"] = (Git(Samples.Launch(null, "claude")), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["git-and-manifest"] = (Git(Manifest()), Samples.Facts("EX_TOKEN", "API_URL") with { GitAuthor = new GitAuthor("Ada \"A\" \\ Lovelace", "ada@example.org") }),
        ["git-test-upstream"] = (Samples.GitDemo(), Samples.DemoFacts()),
        ["supervise"] = (Supervised(Samples.Launch()), Samples.Facts()),
        ["supervise-and-provider"] = (Supervised(Samples.Launch(null, "claude")), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["supervise-and-codex"] = (Supervised(Samples.Launch(null, "codex")), Samples.Facts()),
        ["prompted"] = (Samples.Launch(null, "claude", "--verbose") with { Prompt = "Fix the build.\nThen stop." }, Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["runsc"] = (Samples.Launch(), Samples.Facts() with { Runsc = new RunscFacts(true, "a container that was tried runs under gVisor") }),
        ["runsc-provider-and-git"] = (Supervised(Git(Samples.Launch(null, "claude"))), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN") with { Runsc = new RunscFacts(true, "a container that was tried runs under gVisor") }),
        ["supervise-and-manifest"] = (Supervised(Manifest()), Samples.Facts("EX_TOKEN", "API_URL")),
        ["supervise-and-git"] = (Supervised(Git(Samples.Launch())), Samples.Facts()),
        ["supervise-git-and-provider"] = (Supervised(Git(Samples.Launch(null, "claude"))), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["supervise-git-and-manifest"] = (Supervised(Git(Manifest())), Samples.Facts("EX_TOKEN", "API_URL")),
        ["supervise-test-upstream"] = (Supervised(Samples.Launch(Samples.Bottle() with { TestUpstreams = [Samples.Upstream("api.demo.test")] })), Samples.DemoFacts()),
        ["workspace-copy"] = (Samples.Launch() with { Workspace = new WorkspaceRequest(WorkspaceKind.Copy, "/home/ada/My $app") }, Samples.Facts()),
        ["workspace-mount"] = (Manifest() with { Workspace = new WorkspaceRequest(WorkspaceKind.Mount, "/home/ada/app") }, Samples.Facts("EX_TOKEN", "API_URL") with { ProtectedPaths = [".envrc", ".git", ".vscode"], MountOwner = 1001 }),
        ["services"] = (Services(), Samples.Facts("DB_PASSWORD") with { LocalImages = new HashSet<string> { "app-cache:3" } }),
        ["budget"] = (Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { Budget = new BudgetManifest(new Budget { Minutes = 240, Requests = 20000, Bytes = 5368709120, Tokens = 3000000 }, Samples.Span(3)) }, "claude"), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN")),
        ["presets"] = (Presets(), Registries()),
        ["presets-without-hosts"] = (Presets(), Samples.Facts()),
        ["hard-characters"] = (HardCharacters(), Samples.Facts()),
    };

    public static IEnumerable<string> CaseNames => Cases.Keys;

    public static BottlePlan Plan(string name) => Samples.Plan(Cases[name].Request, Cases[name].Facts);

    [TestCaseSource(nameof(CaseNames))]
    public void Every_file_of_a_bottle_is_as_it_was(string name)
    {
        var (request, facts) = Cases[name];
        var result = Planner.Plan(request, facts);
        var plan = result.Require();
        Assert.Multiple(() =>
        {
            // The script for Node is one file in src, whatever the plan says.
            foreach (var file in Renderer.Render(plan).Where(file => file.Path != StateLayout.AgentNodeProxy))
                Golden.Verify(file.Text, $"golden/{name}/{file.Path}");
            Golden.Verify(PlanText.Render(plan), $"golden/{name}/plan.txt");
            Golden.Verify(PlanJson.Render(plan, result.Diagnostics), $"golden/{name}/plan.json");
            Golden.Verify(PreflightText.Render(plan), $"golden/{name}/preflight.txt");
        });
    }

    [Test]
    public void Every_file_of_a_changed_bottle_is_as_it_was()
    {
        var granted = new Route { Host = "new.example.com", PathAllowlist = ["/v1/x"], Lease = new RouteLease { Id = "egress-block-1", Until = DateTimeOffset.UnixEpoch, Uses = 3 }, Source = "proposal egress-block-1" };
        var second = PlanRevision.Next(Plan("supervise-git-and-manifest"), new PolicyChange.Add(granted)).Require();
        var third = PlanRevision.Next(second, new PolicyChange.StopInspecting("api.example.com")).Require();
        Assert.Multiple(() =>
        {
            foreach (var (plan, folder) in new[] { (second, "revision-reloaded"), (third, "revision-replaced") })
                foreach (var file in Renderer.Render(plan).Where(file => file.Path is StateLayout.ComposeFile or StateLayout.Routes || file.Path.StartsWith(StateLayout.PipelockDirectory, StringComparison.Ordinal)))
                    Golden.Verify(file.Text, $"golden/{folder}/{file.Path}");
        });
    }

    [TestCaseSource(nameof(CaseNames))]
    public void Equal_input_gives_equal_bytes(string name) => Assert.That(AllText.Of(Plan(name)), Is.EqualTo(AllText.Of(Plan(name))));

    [TestCaseSource(nameof(CaseNames))]
    public void Lines_end_in_LF_and_nothing_trails(string name)
    {
        foreach (var file in Renderer.Render(Plan(name)))
        {
            Assert.That(file.Text, Does.Not.Contain("\r"), file.Path);
            Assert.That(file.Text, Does.EndWith("\n"), file.Path);
        }
    }

    private static LaunchRequest Manifest(params string[] command) => Samples.Launch(
        Samples.Bottle(
            Samples.Route("api.example.com", 6) with
            {
                Methods = ["GET", "POST"],
                Paths = ["/v1/*", "/health"],
                Auth = Samples.Auth(AuthScheme.Bearer, "EX_TOKEN"),
            },
            Samples.Route("git.example.org", 10) with
            {
                Methods = null,
                Inspect = false,
                Auth = new AuthManifest
                {
                    Scheme = AuthScheme.Header,
                    Header = "private-token",
                    Token = new Located<SecretRef>(new SecretRef.Command(["glab", "auth", "token"]), Samples.Span(11)),
                },
                Unrestricted = true,
            },
            Samples.Route("*.pkg.example.net", 13) with { Ports = [80, 8443], Inspect = false, WebSocket = true, ClientAuthPasses = true })
        with
        { Environment = [Samples.FromHost("API_URL", "API_URL"), Samples.Literal("LOG", "debug", 4)] },
        command);

    private static LaunchRequest OpenedProvider() =>
        Samples.Launch(Samples.Bottle() with { ProviderPolicy = new ProviderPolicy { ServerTools = ["web_search", "url_sources"], Betas = ["web-fetch"] } }, "claude");

    private static LaunchRequest Git(LaunchRequest request) => request with
    {
        Bottle = request.Bottle with
        {
            Git =
            [
                Samples.Remote("app", "ssh://git@git.example.com/team/app.git"),
                Samples.Remote("lib", "deploy@git.inside.example:lib", 20) with
                {
                    KnownHosts = new KnownHostsManifest(null, "keys/known", Samples.Span(22)),
                    HostIp = Samples.At("10.1.2.3", 23),
                    Push = new PushPolicy { Branches = ["*"], Protected = [], Force = true, Delete = true, Tags = true, MaxSize = 1_000_000_000, AllowCi = true },
                    Scan = new ScanPolicy { AllowFingerprints = ["0123456789abcdef"] },
                    Cache = true,
                },
                Samples.Remote("odd", "ssh://git@git.example.com:2222/~ada/odd.git", 30),
            ],
        },
    };

    private static LaunchRequest Services() => Supervised(Samples.Launch(ManifestReader.ReadBottle("bottles/dev.md", """
        ---
        limits: {memory: 512MB, cpus: 1, pids: 100, disk: 1GB, minutes: 30}
        services:
          db:
            image: registry.example.com/postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
            environment: {POSTGRES_PASSWORD: "${DB_PASSWORD}", POSTGRES_DB: app}
            healthcheck: {test: [CMD, pg_isready, -U, postgres], interval: 500ms, timeout: 2s, retries: 20}
          cache:
            image: app-cache:3
        ---
        """).Manifest!));

    private static LaunchRequest Supervised(LaunchRequest request) => request with { Bottle = request.Bottle with { Supervise = true } };

    private static LaunchRequest Presets() =>
        Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { Presets = [.. PresetName.All.Select((name, i) => Samples.At(name, 4 + i))] });

    private static HostFacts Registries() => Samples.Facts() with
    {
        Registries = PresetName.All.ToDictionary(name => name, name => (IReadOnlyList<string>)[$"https://mirror.example.com/{name}/", $"https://{name}.example.org/"]),
    };

    private static LaunchRequest HardCharacters()
    {
        string[] values = ["$HOME ${HOME} $$ $", "{{.Secret}}", "two\nlines\r\n", "\"quoted\" 'twice' \\", "# no comment: [a, b]", "", " padded ", "null", "yes", "0123", "ümläut 🙂 \u202e\u2028\u0085\u001b[31m"];
        var entries = values.Select((value, i) => Samples.Literal($"V{i:00}", value, 3 + i)).Append(Samples.Literal("NO", "no", 30));
        return Samples.Launch(Samples.Bottle() with { Environment = [.. entries] });
    }
}
