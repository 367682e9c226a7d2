using Bottle.Contracts.Git;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class GoodManifestTests
{
    // The example of SPEC A, "one manifest with every key", as it stands there but for a host key that is whole.
    internal const string EveryKey = """
        ---
        env: {API_URL: "${API_URL}", LOG: debug}          # a whole value or a literal; $$ is a dollar
        provider: claude                                  # or none; default from the agent's command
        egress:
          presets: [npm]
          routes:
            - {host: api.example.com, ports: [443], methods: [GET, POST], path_allowlist: [/v1/*], inspect: true, websocket: false, auth: {scheme: Bearer, token_ref: EX_TOKEN}}
        git:
          - {name: app, upstream: "ssh://git@git.example.com/app.git", identity_file: ~/.ssh/k, known_hosts: "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQBGeVJn0ndT2ltvOwFlafY5bDuqqVwNl0GW/wCjj20", push: {branches: ["agent/*"], protected: [main]}, cache: false}
        supervise: true
        runtime: auto                                     # auto | runsc | runc
        limits: {memory: 8GB, cpus: 4, pids: 2048, disk: 20GB, minutes: 720}
        budget: {minutes: 240, requests: 20000, bytes: 5GB, tokens: 3000000}
        services: {db: {image: postgres@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, environment: {POSTGRES_PASSWORD: x}, healthcheck: {test: [CMD, pg_isready], interval: 1s}}}
        expect: {allow: ["GET https://api.example.com/v1/x"], deny: ["POST https://example.org/"]}
        test_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]
        ---
        For people.
        """;

    [Test]
    public void The_manifest_with_every_key_is_read_and_what_is_not_in_this_version_is_noted()
    {
        var bottle = Bottle(EveryKey);

        Assert.That(bottle.Limits, Is.EqualTo(new LimitsManifest { MemoryMiB = 8192, Cpus = 4, Pids = 2048, DiskMiB = 20480, Minutes = 720, Where = bottle.Limits!.Where }));
        Assert.That(bottle.Budget, Is.EqualTo(new BudgetManifest(new Budget { Minutes = 240, Requests = 20000, Bytes = 5368709120, Tokens = 3000000 }, bottle.Budget!.Where)));
        Assert.That((bottle.Budget.Where.Line, bottle.Budget.Where.Column), Is.EqualTo((13, 1)));
        var service = bottle.Services.Single();
        Assert.That((service.Name.Value, service.Environment.Single().Literal, string.Join(' ', service.Healthcheck!.Test), service.Healthcheck.Interval), Is.EqualTo(("db", "x", "CMD pg_isready", 1000)));
        Assert.That(bottle.Environment.Select(v => $"{v.Name} {v.FromHost} {v.Literal}"), Is.EqualTo(["API_URL API_URL ", "LOG  debug"]));
        Assert.That(bottle.Presets.Single(), Is.EqualTo(new Located<string>("npm", new SourceSpan("bottles/dev.md", 5, 13, 3))));
        Assert.That(bottle.Provider, Is.EqualTo(new Located<string>("claude", new SourceSpan("bottles/dev.md", 3, 11, 6))));
        Assert.That(bottle.TestUpstreams.Single().Host.Value, Is.EqualTo("api.demo.test"));
        Assert.That(bottle.Expectations.Select(line => $"{line.Where.Line}:{line.Where.Column} {line.IsAllowed} {line.Request.Method} {line.Request.Authority} {line.Request.Path.Text}"),
            Is.EqualTo(["15:18 True GET api.example.com:443 /v1/x", "15:62 False POST example.org:443 /"]));
        var route = bottle.Routes.Single();
        Assert.That(route.Host, Is.EqualTo(new Located<string>("api.example.com", new SourceSpan("bottles/dev.md", 7, 14, 15))));
        Assert.That(route.Methods, Is.EqualTo(["GET", "POST"]));
        Assert.That(route.Paths, Is.EqualTo(["/v1/*"]));
        Assert.That(bottle.Git.Single().Upstream, Is.EqualTo(new Located<SshUpstream>(new SshUpstream("git", "git.example.com", 22, "/app.git"), new SourceSpan("bottles/dev.md", 9, 27, 35))));
        Assert.That(route.Auth!.Scheme, Is.EqualTo(AuthScheme.Bearer));
        Assert.That(route.Auth.Token.Value, Is.EqualTo(new SecretRef.Environment("EX_TOKEN")));
    }

    [TestCase("budget: {}")]
    [TestCase("supervise: true")]
    public void A_budget_that_limits_nothing_is_none(string line) => Assert.That(Bottle($"---\n{line}\n---\n").Budget, Is.Null);

    [Test]
    public void A_budget_of_the_largest_numbers_is_read() =>
        Assert.That(Bottle("---\nbudget: {minutes: 527040, requests: 9007199254740991, bytes: 8191TB, tokens: 1}\n---\n").Budget!.Limits,
            Is.EqualTo(new Budget { Minutes = Budget.MostMinutes, Requests = Budget.Most, Bytes = 8191L << 40, Tokens = 1 }));

    [Test]
    public void A_route_without_more_than_a_host_has_the_documented_defaults()
    {
        var route = Route("{host: a.example.com}");
        Assert.That(route.Ports, Is.EqualTo([443]));
        Assert.That(route.Methods, Is.EqualTo(["GET", "HEAD"]));
        Assert.That(route.Paths, Is.Null);
        Assert.That(route.Inspect, Is.True);
        Assert.That(route.WebSocket || route.ClientAuthPasses || route.Unrestricted || route.Auth is not null, Is.False);
    }

    [TestCase("methods: any"), TestCase("methods: [any]")]
    public void Any_method_is_written_out(string methods) => Assert.That(Route($"{{host: a.example.com, {methods}}}").Methods, Is.Null);

    [Test]
    public void Flags_are_read() =>
        Assert.That(Route("{host: a.example.com, ports: [80, 8443], inspect: false, websocket: true, client_auth: pass}") is { Inspect: false, WebSocket: true, ClientAuthPasses: true, Ports: [80, 8443] });

    [TestCase("GH_TOKEN", "env:GH_TOKEN")]
    [TestCase("env:GH_TOKEN", "env:GH_TOKEN")]
    [TestCase("{env: GH_TOKEN}", "env:GH_TOKEN")]
    [TestCase("file:~/.token", "file:~/.token")]
    [TestCase("{file: secrets/token}", "file:secrets/token")]
    [TestCase("\"command:[gh, auth, token]\"", "command:[gh, auth, token]")]
    [TestCase("{command: [gh, auth, token]}", "command:[gh, auth, token]")]
    public void A_secret_is_named_in_every_documented_form(string written, string read) =>
        Assert.That(Route($"{{host: a.example.com, unrestricted: true, auth: {{scheme: Bearer, token_ref: {written}}}}}").Auth!.Token.Value.ToString(), Is.EqualTo(read));

    [Test]
    public void A_command_in_block_style_needs_no_quotes()
    {
        var bottle = Bottle("---\negress:\n  routes:\n    - host: a.example.com\n      unrestricted: true\n      auth:\n        scheme: Bearer\n        token_ref: command:[gh, auth, token]\n---\n");
        Assert.That(((SecretRef.Command)bottle.Routes[0].Auth!.Token.Value).Arguments, Is.EqualTo(["gh", "auth", "token"]));
    }

    [TestCase("Bearer", AuthScheme.Bearer, "authorization"), TestCase("token", AuthScheme.Token, "authorization"), TestCase("Basic", AuthScheme.Basic, "authorization"), TestCase("header, header: X-Api-Key", AuthScheme.Header, "x-api-key")]
    public void Schemes_and_headers_are_read(string written, AuthScheme scheme, string header)
    {
        var auth = Route($"{{host: a.example.com, unrestricted: true, auth: {{scheme: {written}, token_ref: T}}}}").Auth!;
        Assert.That((auth.Scheme, auth.Header), Is.EqualTo((scheme, header)));
    }

    [TestCase("plain", "plain")]
    [TestCase("8080", "8080")]
    [TestCase("\"\"", "")]
    [TestCase("\"NO\"", "NO")]
    [TestCase("\"cost: 5$$\"", "cost: 5$")]
    [TestCase("\"$${NAME}\"", "${NAME}")]
    [TestCase("\"two\\nlines\\tand a tab\"", "two\nlines\tand a tab")]
    [TestCase("\"{{ .Env }}\"", "{{ .Env }}")]
    [TestCase("'é😀'", "é😀")]
    public void Literals_are_kept_as_written(string written, string read) => Assert.That(Bottle($"---\nenv: {{A: {written}}}\n---\n").Environment[0].Literal, Is.EqualTo(read));

    [Test]
    public void The_placeholder_of_a_provider_is_no_token() =>
        Assert.That(Bottle("---\nenv: {CLAUDE_CODE_OAUTH_TOKEN: placeholder}\n---\n").Environment[0].Literal, Is.EqualTo("placeholder"));

    [TestCase("claude", "claude", "", "")]
    [TestCase("{name: claude, server_tools: [web_search, mcp_servers], betas: [web-fetch]}", "claude", "web_search mcp_servers", "web-fetch")]
    [TestCase("{server_tools: [web_fetch]}", null, "web_fetch", "")]
    [TestCase("{name: none}", "none", "", "")]
    public void A_provider_is_a_name_or_a_mapping_that_opens_what_is_closed(string written, string? name, string tools, string betas)
    {
        var bottle = Bottle($"---\nprovider: {written}\n---\n");
        Assert.That((bottle.Provider?.Value, string.Join(' ', bottle.ProviderPolicy.ServerTools), string.Join(' ', bottle.ProviderPolicy.Betas)), Is.EqualTo((name, tools, betas)));
    }

    [Test]
    public void Places_are_those_of_the_file_with_CRLF_and_a_byte_order_mark()
    {
        var bottle = ManifestReader.ReadBottle("d/dev.md", "\ufeff---\r\nenv:\r\n  A: b\r\n  C: d\r\n---\r\nBody\r\n").Manifest!;
        Assert.That(bottle.Environment[1].Where, Is.EqualTo(new SourceSpan("d/dev.md", 4, 6, 1)));
        Assert.That(bottle.Environment[1].Literal, Is.EqualTo("d"));
    }

    [Test]
    public void Different_routes_of_one_host_are_fine() =>
        Assert.That(Bottle("---\negress:\n  routes:\n    - {host: a.example.com, path_allowlist: [/v1/*]}\n    - {host: a.example.com, path_allowlist: [/v2/*]}\n    - {host: a.example.com, methods: [POST]}\n    - {host: \"*.example.com\"}\n---\n").Routes, Has.Count.EqualTo(4));

    [Test]
    public void A_rule_in_the_body_is_no_second_front_matter() => Assert.That(Bottle("---\nenv: {}\n---\n# Title\n\n---\n\negress: is a word\n").Name, Is.EqualTo("dev"));

    [Test]
    public void An_agent_has_defaults_and_its_body_is_the_prompt()
    {
        var agent = ManifestReader.ReadAgent("bottles/agents/a.md", "---\nbottle: dev\n---\n\n  Do it.\n\n---\nand more\n\n").Manifest!;
        Assert.That(agent.Prompt, Is.EqualTo("Do it.\n\n---\nand more"));
        Assert.That(agent.Command, Is.EqualTo(["claude"]));
        Assert.That((agent.Bottle.Value, agent.Description, agent.Skills.Count), Is.EqualTo(("dev", "", 0)));
    }

    [Test]
    public void An_agent_with_every_key_is_read()
    {
        var agent = ManifestReader.ReadAgent("bottles/agents/a.md", "---\nbottle: dev\ndescription: One line.\nskills: [skills/review/, ~/.claude/skills/x]\ncommand: [sh, -c, \"echo $HOME\"]\n---\n").Manifest!;
        Assert.That(agent.Skills.Select(s => s.Value), Is.EqualTo(["skills/review/", "~/.claude/skills/x"]));
        Assert.That(agent.Command, Is.EqualTo(["sh", "-c", "echo $HOME"]));
        Assert.That(agent.Prompt, Is.Empty);
    }

    [Test]
    public void A_name_has_40_characters_and_not_41()
    {
        Assert.That(ManifestReader.ReadBottle(new string('a', 40) + ".md", "---\n---\n").Manifest, Is.Not.Null);
        Assert.That(ManifestReader.ReadBottle(new string('a', 41) + ".md", "---\n---\n").Diagnostics.Single().Code, Is.EqualTo("BTL1011"));
    }

    private static RouteManifest Route(string route) => Bottle($"---\negress:\n  routes:\n    - {route}\n---\n").Routes.Single();

    private static BottleManifest Bottle(string text)
    {
        var result = ManifestReader.ReadBottle("bottles/dev.md", text);
        Assert.That(result.Manifest, Is.Not.Null, () => DiagnosticText.Render(result.Diagnostics, _ => text));
        return result.Manifest!;
    }
}
