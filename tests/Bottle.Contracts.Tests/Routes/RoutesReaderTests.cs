using Bottle.Contracts.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class RoutesReaderTests
{
    private const string Whole = """
        version: 1
        generation: 7
        pipelock: "pipelock-r3"
        budget: {minutes: 240, requests: 20000, bytes: 5368709120, tokens: 3000000}
        routes:
          - host: "api.demo.test"
            ports: [443, 8443]
            methods: ["GET", "POST"]
            path_allowlist: ["/v1/*"]
            inspect: false
            websocket: true
            client_auth: "pass"
            auth: {scheme: "header", header: "x-api-key", token_env: "EGRESS_TOKEN_0"}
            source: "bottles/demo.md:14"
          - host: "model.demo.test"
            provider: {server_tools: ["web_search"], betas: ["files-api"]}
          - host: "*.demo.test"
            methods: ["any"]
            lease: {id: "egress-block-1a2b", until: "2026-01-31T12:00:00Z", uses: 3}
          - host: "once.demo.test"
            lease: {id: "egress-block-2c", uses: 1}
          - host: "soon.demo.test"
            lease: {id: "7", until: "2026-01-31T12:00:00.25Z"}
        """;

    [Test]
    public void Every_key_is_read_and_what_is_left_out_has_its_default()
    {
        var file = Read(Whole);
        Assert.That((file.Generation, file.Routes.Count), Is.EqualTo((7, 5)));
        var (first, model, second) = (file.Routes[0], file.Routes[1], file.Routes[2]);
        Assert.That(first.Ports, Is.EqualTo(new[] { 443, 8443 }));
        Assert.That(first.Methods, Is.EqualTo(new[] { "GET", "POST" }));
        Assert.That(first.PathAllowlist, Is.EqualTo(new[] { "/v1/*" }));
        Assert.That((first.Inspect, first.WebSocket, first.ClientAuthPasses, first.Source), Is.EqualTo((false, true, true, "bottles/demo.md:14")));
        Assert.That(first.Auth, Is.EqualTo(new RouteAuth { Scheme = AuthScheme.Header, Header = "x-api-key", TokenEnv = "EGRESS_TOKEN_0" }));
        Assert.That((second.Methods, second.PathAllowlist, second.Inspect, second.Auth), Is.EqualTo(((IReadOnlyList<string>?)null, (IReadOnlyList<string>?)null, true, (RouteAuth?)null)));
        Assert.That((first.Provider, model.Provider!.ServerTools.Single(), model.Provider.Betas.Single()), Is.EqualTo(((ProviderPolicy?)null, "web_search", "files-api")));
        Assert.That(second.Ports, Is.EqualTo(new[] { 443 }));
    }

    [Test]
    public void Leases_and_the_pipelock_in_use_are_read()
    {
        var file = Read(Whole);
        var noon = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
        Assert.That(file.Pipelock, Is.EqualTo("pipelock-r3"));
        Assert.That(file.Routes.Select(r => r.Lease), Is.EqualTo(new RouteLease?[]
        {
            null,
            null,
            new() { Id = "egress-block-1a2b", Until = noon, Uses = 3 },
            new() { Id = "egress-block-2c", Uses = 1 },
            new() { Id = "7", Until = noon.AddMilliseconds(250) },
        }));
        Assert.That(Read("version: 1\ngeneration: 1\nroutes: []\n").Pipelock, Is.Null);
    }

    [Test]
    public void A_budget_is_read_kind_by_kind()
    {
        Assert.That(Read(Whole).Budget, Is.EqualTo(new Budget { Minutes = 240, Requests = 20_000, Bytes = 5L << 30, Tokens = 3_000_000 }));
        Assert.That(Read("version: 1\ngeneration: 1\nbudget: {tokens: 9007199254740991}\nroutes: []\n").Budget, Is.EqualTo(new Budget { Tokens = Budget.Most }));
        Assert.That(Read("version: 1\ngeneration: 1\nroutes: []\n").Budget, Is.Null);
    }

    [TestCase("budget: {}", "3:9: 'budget' is empty")]
    [TestCase("budget:", "expected a mapping")]
    [TestCase("budget: 20", "expected a mapping")]
    [TestCase("budget: {dollars: 3}", "3:10: unknown key 'dollars'")]
    [TestCase("budget: {tokens: 1, tokens: 2}", "3:21: the key 'tokens' is there twice")]
    [TestCase("budget: {tokens: 0}", "3:18: 'tokens' is a number from 1 to 9007199254740991")]
    [TestCase("budget: {requests: -5}", "'requests' is a number from 1")]
    [TestCase("budget: {tokens: 9007199254740992}", "'tokens' is a number from 1")]
    [TestCase("budget: {tokens: 99999999999999999999}", "not a whole number")]
    [TestCase("budget: {bytes: 5GB}", "not a whole number")]
    [TestCase("budget: {bytes: '5'}", "not a whole number")]
    [TestCase("budget: {bytes: 1e9}", "not a whole number")]
    [TestCase("budget: {minutes: 527041}", "'minutes' is a number from 1 to 527040")]
    [TestCase("budget: {minutes: ~}", "not a whole number")]
    public void A_broken_budget_is_refused_with_the_place(string line, string expected)
    {
        var result = RoutesReader.Read($"version: 1\ngeneration: 1\n{line}\nroutes: []\n");
        Assert.That(result.File, Is.Null);
        Assert.That(string.Join('\n', result.Problems), Does.Contain(expected));
    }

    [TestCase("pipelock: \"\"")]
    [TestCase("pipelock: Pipelock")]
    [TestCase("pipelock: -r3")]
    [TestCase("pipelock: evil.test")]
    [TestCase("pipelock: \"pipelock:9999\"")]
    [TestCase("pipelock: \"user@host\"")]
    [TestCase("pipelock: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [TestCase("pipelock: [pipelock]")]
    public void Pipelock_is_a_plain_label_and_nothing_else(string line)
    {
        var result = RoutesReader.Read($"version: 1\ngeneration: 1\n{line}\nroutes: []\n");
        Assert.That(result.File, Is.Null);
        Assert.That(result.Problems.Single().Line, Is.EqualTo(3));
    }

    [Test]
    public void One_lease_on_several_routes_has_one_set_of_terms()
    {
        const string head = "version: 1\ngeneration: 1\nroutes:\n  - {host: a.test, lease: {id: x, uses: 2}}\n  - {host: b.test, lease: {id: x, uses: ";
        Assert.That(Read(head + "2}}\n").Routes.Select(r => r.Lease!.Uses), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(RoutesReader.Read(head + "3}}\n").Problems.Single().Message, Does.Contain("'x'").And.Contain("different terms"));
    }

    [Test]
    public void A_table_without_routes_is_a_table() => Assert.That(Read("version: 1\ngeneration: 1\nroutes: []\n").Routes, Is.Empty);

    [TestCase("", "empty")]
    [TestCase("# only a comment\n", "empty")]
    [TestCase("- a\n", "expected a mapping")]
    [TestCase("version: 2\ngeneration: 1\nroutes: []", "version 2")]
    [TestCase("generation: 1\nroutes: []", "'version' is missing")]
    [TestCase("version: 1\nroutes: []", "'generation' is missing")]
    [TestCase("version: 1\ngeneration: 1", "'routes' is missing")]
    [TestCase("version: 1\ngeneration: one\nroutes: []", "2:13")]
    [TestCase("version: 1\ngeneration: 1\nroutes: []\nextra: 1", "4:1: unknown key 'extra'")]
    [TestCase("version: 1\ngeneration: 1\nversion: 1\nroutes: []", "3:1: the key 'version' is there twice")]
    [TestCase("version: 1\ngeneration: 1\nroutes: []\n---\nversion: 1", "second document")]
    [TestCase("version: 1\ngeneration: 1\nroutes: &a []", "anchors")]
    [TestCase("version: 1\ngeneration: 1\nroutes: !!seq []", "tags")]
    [TestCase("version: 1\ngeneration: 1\nroutes: *a", "aliases")]
    [TestCase("version: 1\ngeneration: 1\nroutes: [[[[[[[[[[a]]]]]]]]]]", "nested deeper")]
    [TestCase("version: 1\ngeneration: 1\nroutes: [", "not YAML")]
    [TestCase("version: 1\ngeneration: 1\nroutes:\n\t- a", "not YAML")]
    public void A_broken_file_is_refused_with_the_place(string text, string expected)
    {
        var result = RoutesReader.Read(text);
        Assert.That(result.File, Is.Null);
        Assert.That(string.Join('\n', result.Problems), Does.Contain(expected));
    }

    [TestCase("hots: a.test", "unknown key 'hots'")]
    [TestCase("ports: [443]", "'host' is missing")]
    [TestCase("host: '*.com'", "public suffix")]
    [TestCase("host: a.test, ports: []", "'ports' is empty")]
    [TestCase("host: a.test, ports: [0]", "1 to 65535")]
    [TestCase("host: a.test, ports: ['443']", "1 to 65535")]
    [TestCase("host: a.test, ports: [443, 443]", "twice")]
    [TestCase("host: a.test, ports: [80]", "inspect: false")]
    [TestCase("host: a.test, websocket: true", "inspect: false")]
    [TestCase("host: a.test, methods: [get]", "upper-case")]
    [TestCase("host: a.test, methods: [TRACE]", "never forwarded")]
    [TestCase("host: a.test, methods: []", "'methods' is empty")]
    [TestCase("host: a.test, path_allowlist: []", "'path_allowlist' is empty")]
    [TestCase("host: a.test, path_allowlist: ['/v1*']", "after a slash")]
    [TestCase("host: a.test, path_allowlist: /v1/*", "not a list")]
    [TestCase("host: a.test, inspect: yes", "neither true nor false")]
    [TestCase("host: a.test, inspect: false, websocket: true, provider: {}", "websocket")]
    [TestCase("host: a.test, provider: {server_tools: [Web Search]}", "lower-case name")]
    [TestCase("host: a.test, provider: {tools: [a]}", "unknown key 'tools'")]
    [TestCase("host: a.test, client_auth: maybe", "\"strip\" or \"pass\"")]
    [TestCase("host: a.test, auth: {scheme: Digest, token_env: EGRESS_TOKEN_0}", "scheme is Bearer")]
    [TestCase("host: a.test, auth: {scheme: Bearer}", "'token_env' is missing")]
    [TestCase("host: a.test, auth: {scheme: Bearer, token_env: GITHUB_TOKEN}", "slot")]
    [TestCase("host: a.test, auth: {scheme: header, token_env: EGRESS_TOKEN_0}", "needs the key 'header'")]
    [TestCase("host: a.test, auth: {scheme: header, header: Host, token_env: EGRESS_TOKEN_0}", "cannot carry")]
    [TestCase("host: a.test, auth: {scheme: header, header: transfer-encoding, token_env: EGRESS_TOKEN_0}", "cannot carry")]
    [TestCase("host: a.test, inspect: false, ports: [80], auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}", "plain HTTP")]
    [TestCase("host: a.test, lease: {uses: 1}", "'id' is missing")]
    [TestCase("host: a.test, lease: {id: x}", "a lease needs")]
    [TestCase("host: a.test, lease: {}", "'id' is missing")]
    [TestCase("host: a.test, lease: {id: A_B, uses: 1}", "lower-case")]
    [TestCase("host: a.test, lease: {id: x, uses: 0}", "at least 1")]
    [TestCase("host: a.test, lease: {id: x, uses: -1}", "at least 1")]
    [TestCase("host: a.test, lease: {id: x, uses: '1'}", "not a whole number")]
    [TestCase("host: a.test, lease: {id: x, uses: 99999999999}", "not a whole number")]
    [TestCase("host: a.test, lease: {id: x, until: 2026-01-31T12:00:00Z}", "quoted time in UTC")]
    [TestCase("host: a.test, lease: {id: x, until: '2026-01-31T12:00:00+02:00'}", "quoted time in UTC")]
    [TestCase("host: a.test, lease: {id: x, until: '2026-01-31 12:00:00'}", "quoted time in UTC")]
    [TestCase("host: a.test, lease: {id: x, until: '2026-02-31T12:00:00Z'}", "quoted time in UTC")]
    [TestCase("host: a.test, lease: {id: x, uses: 1, renew: true}", "unknown key 'renew'")]
    [TestCase("host: a.test, lease: 30m", "expected a mapping")]
    public void A_broken_route_is_refused_with_the_place(string route, string expected)
    {
        var result = RoutesReader.Read($"version: 1\ngeneration: 1\nroutes:\n  - {{{route}}}\n");
        Assert.That(result.File, Is.Null);
        Assert.That(string.Join('\n', result.Problems), Does.Contain(expected));
        Assert.That(result.Problems, Has.All.Matches<RoutesProblem>(p => p!.Line == 4 && p.Column > 3));
    }

    [Test]
    public void Everything_wrong_is_reported_at_once()
    {
        var result = RoutesReader.Read("version: 3\ngeneration: 1\nroutes:\n  - {host: 1.2.3.4, ports: [x]}\n  - {host: a.test, colour: red}\n");
        Assert.That(result.Problems.Select(p => p.Line), Is.EqualTo(new[] { 1, 4, 4, 5 }));
    }

    [Test]
    public void Size_and_number_are_bounded()
    {
        Assert.That(RoutesReader.Read(new string('#', RoutesReader.MaxLength + 1)).Problems.Single().Message, Does.Contain("larger"));
        var many = "version: 1\ngeneration: 1\nroutes:\n" + string.Concat(Enumerable.Repeat("  - {host: a.test}\n", RoutesReader.MaxRoutes + 1));
        Assert.That(RoutesReader.Read(many).Problems.Single().Message, Does.Contain("more than"));
    }

    [Test]
    public void No_text_makes_the_reader_throw_or_hang()
    {
        var pieces = Gen.Elements(Whole.Split(' ', '\n').Concat(["\n", "  ", "&a", "*a", "!!x", "---", "\t", "[", "{", "}", "]", "\"", "'", "|", ">", "%", "?", ": ", "- ", "\0", "é"]));
        var texts = Gen.Select(Gen.ArrayOf(pieces), parts => string.Join(' ', parts)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(texts, text =>
        {
            var result = RoutesReader.Read(text);
            return (result.File is null) == (result.Problems.Count > 0);
        }));
    }

    private static RoutesFile Read(string text)
    {
        var result = RoutesReader.Read(text);
        Assert.That(result.Problems, Is.Empty);
        return result.File!;
    }
}
