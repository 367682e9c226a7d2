using Bottle.Core.Rendering;
using NUnit.Framework;
using YamlDotNet.RepresentationModel;

namespace Bottle.Core.Tests.Rendering;

/// <summary>Pipelock 2.3.0 refuses to start on an unknown key, and reads a missing one as "on" at times: the keys are pinned, all of them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PipelockKeysTests
{
    private static readonly string[] Required =
    [
        "version", "mode", "enforce", "explain_blocks", "api_allowlist", "fetch_proxy.listen", "fetch_proxy.timeout_seconds", "fetch_proxy.max_response_mb",
        "fetch_proxy.monitoring.max_url_length", "fetch_proxy.monitoring.entropy_threshold", "fetch_proxy.monitoring.subdomain_entropy_threshold",
        "fetch_proxy.monitoring.max_requests_per_minute", "metrics_listen", "forward_proxy.enabled", "forward_proxy.max_tunnel_seconds",
        "forward_proxy.idle_timeout_seconds", "forward_proxy.sni_verification", "tls_interception.enabled", "tls_interception.ca_cert", "tls_interception.ca_key",
        "tls_interception.cert_ttl", "tls_interception.max_response_bytes", "tls_interception.passthrough_domains", "request_body_scanning.enabled",
        "request_body_scanning.action", "request_body_scanning.max_body_bytes", "request_body_scanning.scan_headers", "request_body_scanning.header_mode",
        "request_body_scanning.ignore_headers", "dlp.scan_env", "seed_phrase_detection.enabled", "response_scanning.enabled", "response_scanning.include_defaults",
        "response_scanning.action", "response_scanning.sse_streaming.enabled", "response_scanning.sse_streaming.action",
        "response_scanning.sse_streaming.max_event_bytes", "media_policy.enabled", "sentry.enabled", "logging.format", "logging.output",
    ];

    [TestCase("manifest")]
    [TestCase("provider")]
    public void Without_test_upstreams_the_keys_are_those_of_the_facts(string name) => Assert.That(Keys(name), Is.EquivalentTo(Required));

    [Test]
    public void A_test_upstream_adds_the_address_list() => Assert.That(Keys("test-upstream"), Is.EquivalentTo(Required.Append("ssrf.ip_allowlist")));

    [Test]
    public void A_header_that_egress_fills_is_not_scanned_on_inspected_routes()
    {
        var plan = GoldenTests.Plan("manifest");
        var text = PipelockRenderer.Render(plan with { Pipelock = plan.Pipelock! with { CredentialHeaders = ["authorization", "private-token"] } }).Single().Text;
        var ignored = ((YamlSequenceNode)Parse(text)["request_body_scanning"]["ignore_headers"]).Select(n => n.ToString()).ToList();
        Assert.That(ignored, Does.Contain("private-token"));
        Assert.That(ignored.Select(h => h.ToLowerInvariant()), Is.Unique);
    }

    private static List<string> Keys(string name) => [.. Leaves("", Parse(PipelockRenderer.Render(GoldenTests.Plan(name)).Single().Text))];

    private static YamlNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Single().RootNode;
    }

    private static IEnumerable<string> Leaves(string path, YamlNode node) =>
        node is YamlMappingNode map ? map.SelectMany(p => Leaves(path.Length == 0 ? p.Key.ToString() : $"{path}.{p.Key}", p.Value)) : [path];
}
