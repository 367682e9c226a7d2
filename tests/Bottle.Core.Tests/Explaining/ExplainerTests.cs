using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Explaining;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Explaining;

[Parallelizable(ParallelScope.All)]
public sealed class ExplainerTests
{
    private const string Bottle = """
        ---
        provider: claude
        egress:
          routes:
            - host: api.example.com
              methods: [GET, POST]
              path_allowlist: [/v1/*]
              auth: {scheme: Bearer, token_ref: EX_TOKEN}
            - {host: "*.pkg.example.net", inspect: false, client_auth: pass}
            - {host: api.demo.test, ports: [8443]}
        git:
          - {name: app, upstream: "ssh://git@git.example.com/team/app.git", identity_file: ~/.ssh/k, known_hosts: "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQBGeVJn0ndT2ltvOwFlafY5bDuqqVwNl0GW/wCjj20"}
        test_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]
        ---
        """;

    private static readonly string[] Requests =
    [
        "POST https://api.example.com/v1/x?y=1",
        "HEAD https://a.pkg.example.net/x.tgz",
        "POST https://api.anthropic.com/v1/messages",
        "GET https://api.demo.test:8443/",
        "DELETE https://api.example.com/v1/x",
        "GET https://api.example.com/v2",
        "GET https://b.pkg.example.net:444/",
        "POST https://nowhere.example.org/upload",
        "GET https://pkg.example.net/",
        "POST https://git.example.com/team/app.git/git-receive-pack",
        "POST https://git.example.com/other.git/git-receive-pack",
        "GET https://203.0.113.7/",
        "TRACE https://api.example.com/v1/x",
        "GET http://api.example.com/v1/x",
    ];

    [Test]
    public void Each_layer_says_what_it_does_and_by_which_line() =>
        Golden.Verify(string.Join("\n----\n", Requests.Select(line => ExplanationText.Render(Explain(Bottle, line)))), "golden/layers.txt");

    [Test]
    public void A_bottle_without_a_route_has_no_way_out()
    {
        var explanation = Explain("---\n---\n", "GET https://example.org/");
        Assert.That(explanation.IsAllowed, Is.False);
        Assert.That(explanation.Layers.Single().Answer, Does.Contain("no way out"));
        Assert.That(explanation.Advice!.Route, Does.Contain("host: example.org"));
    }

    [TestCase("DELETE https://api.example.com/v1/x")]
    [TestCase("GET https://api.example.com/v2")]
    [TestCase("GET https://b.pkg.example.net:444/x/")]
    [TestCase("POST https://nowhere.example.org/upload?to=x")]
    [TestCase("GET https://pkg.example.net/a%20b;c='d'")]
    [TestCase("GET http://nowhere.example.org/#")]
    [TestCase("GET http://nowhere.example.org/x")]
    public void The_route_that_it_advises_lets_the_request_through_and_is_taken_by_the_manifest(string line)
    {
        if (!RequestLine.TryParse(line, null, out _, out _))
        {
            Assert.That(line, Does.EndWith("#"), "only that one is no request");
            return;
        }
        var route = Explain(Bottle, line).Advice!.Route;
        Assert.That(route, Is.Not.Null);
        var widened = Bottle.Replace("git:\n", string.Concat(route!.TrimEnd('\n').Split('\n').Select(text => $"    {text}\n")) + "git:\n", StringComparison.Ordinal);
        Assert.That(widened, Is.Not.EqualTo(Bottle));
        Assert.That(Explain(widened, line).IsAllowed);
    }

    [Test]
    public void What_it_says_is_what_egress_decides()
    {
        var plan = Plan(Bottle).Plan;
        var matcher = new RouteMatcher(plan.Egress!.Routes);
        foreach (var line in Requests)
        {
            RequestLine.TryParse(line, null, out var request, out _);
            Assert.That(Explain(Bottle, line).IsAllowed, Is.EqualTo(matcher.Decide(request).IsAllowed), line);
        }
    }

    [Test]
    public void JSON_carries_the_same()
    {
        using var denied = JsonDocument.Parse(ExplanationJson.Render(Explain(Bottle, "DELETE https://api.example.com/v1/x")));
        Assert.That(denied.RootElement.GetProperty("decision").GetString(), Is.EqualTo("denied"));
        Assert.That(denied.RootElement.GetProperty("code").GetString(), Is.EqualTo("BTL6004"));
        Assert.That(denied.RootElement.GetProperty("layers")[0].GetProperty("source").GetString(), Is.EqualTo("bottles/dev.md:5:7"));
        Assert.That(denied.RootElement.GetProperty("advice").GetProperty("route").GetString(), Does.Contain("methods: [DELETE]"));
        using var allowed = JsonDocument.Parse(ExplanationJson.Render(Explain(Bottle, "GET https://api.example.com/v1/x")));
        Assert.That(allowed.RootElement.TryGetProperty("advice", out _), Is.False);
    }

    private static Explanation Explain(string text, string line)
    {
        Assert.That(RequestLine.TryParse(line, null, out var request, out var problem), problem);
        var (bottle, plan) = Plan(text);
        return Explainer.Explain(bottle, [Samples.Claude], plan, request);
    }

    private static (BottleManifest Bottle, BottlePlan Plan) Plan(string text)
    {
        var read = ManifestReader.ReadBottle("bottles/dev.md", text.EndsWith('\n') ? text : text + "\n");
        Assert.That(read.Diagnostics, Is.Empty);
        return (read.Manifest!, Planner.Plan(Samples.Launch(read.Manifest), Samples.Facts("EX_TOKEN", "ANTHROPIC_API_KEY")).Require());
    }
}
