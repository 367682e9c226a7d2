using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class EgressPlannerTests
{
    [Test]
    public void Egress_is_absent_when_no_routes_are_declared()
    {
        var plan = Samples.Plan();
        Assert.That((plan.Egress, plan.Pipelock), Is.EqualTo(((EgressPlan?)null, (PipelockPlan?)null)));
        Assert.That(plan.Agent.Environment.Select(v => v.Name), Has.None.Contain("PROXY").IgnoreCase);
        Assert.That(plan.Agent.Environment.Select(v => v.Name), Has.None.EqualTo("SSL_CERT_FILE"));
    }

    [Test]
    public void A_route_is_handed_on_whole()
    {
        var manifest = Samples.Route("*.example.com", 12) with
        {
            Ports = [443, 8443],
            Methods = null,
            Paths = ["/a/*"],
            Inspect = false,
            WebSocket = true,
            ClientAuthPasses = true,
        };
        var route = Samples.Plan(manifest).Egress!.Routes.Single();
        Assert.That((route.Host, route.Source, route.Methods, route.Auth), Is.EqualTo(("*.example.com", "bottles/dev.md:12", manifest.Methods, (RouteAuth?)null)));
        Assert.That((route.Inspect, route.WebSocket, route.ClientAuthPasses), Is.EqualTo((false, true, true)));
        Assert.That(route.Ports, Is.EqualTo([443, 8443]));
        Assert.That(route.PathAllowlist, Is.EqualTo(["/a/*"]));
    }

    [Test]
    public void Routes_with_one_secret_share_a_slot()
    {
        var command = new Located<SecretRef>(new SecretRef.Command(["gh", "auth", "token"]), Samples.Span(30));
        var again = new Located<SecretRef>(new SecretRef.Command(["gh", "auth", "token"]), Samples.Span(31));
        var other = new Located<SecretRef>(new SecretRef.Command(["gh auth", "token"]), Samples.Span(32));
        RouteManifest With(string host, Located<SecretRef> token) =>
            Samples.Route(host) with { Auth = new AuthManifest { Scheme = AuthScheme.Token, Token = token } };
        var egress = Samples.Plan(With("a.example.com", command), With("b.example.com", again), With("c.example.com", other)).Egress!;
        Assert.That(egress.Routes.Select(r => r.Auth!.TokenEnv), Is.EqualTo(["EGRESS_TOKEN_0", "EGRESS_TOKEN_0", "EGRESS_TOKEN_1"]));
        Assert.That(egress.Tokens.Select(t => (t.Name, t.Source)), Is.EqualTo([("EGRESS_TOKEN_0", "bottles/dev.md:30:3"), ("EGRESS_TOKEN_1", "bottles/dev.md:32:3")]));
    }

    [Test]
    public void A_missing_host_variable_is_a_warning_until_the_host_is_required()
    {
        var request = Samples.Launch(Samples.Bottle(Samples.Route("api.example.com") with { Auth = Samples.Auth(AuthScheme.Bearer, "EX_TOKEN", line: 9) }));
        var loose = Planner.Plan(request, Samples.Facts());
        Assert.That(loose.Plan, Is.Not.Null);
        Assert.That(loose.Diagnostics.Select(d => (d.Code, d.Severity)), Is.EqualTo([("BTL2002", Severity.Warning)]));

        var strict = Planner.Plan(request with { HostIsRequired = true }, Samples.Facts());
        Assert.That(strict.Plan, Is.Null);
        var error = strict.Diagnostics.Single();
        Assert.That((error.Severity, error.Where!.ToString(), error.ExitCode), Is.EqualTo((Severity.Error, "bottles/dev.md:9:3", 12)));
        Assert.That(error.Message, Does.Contain("'EX_TOKEN'"));
    }

    [Test]
    public void A_secret_file_that_cannot_be_read_is_named()
    {
        var token = new Located<SecretRef>(new SecretRef.File("~/.token"), Samples.Span(9));
        var request = Samples.Launch(Samples.Bottle(Samples.Route("api.example.com") with { Auth = new AuthManifest { Scheme = AuthScheme.Bearer, Token = token } }));
        Assert.That(Samples.Codes(request), Is.EqualTo(["BTL2003"]));
        Assert.That(Samples.Codes(request, Samples.Facts() with { ReadableFiles = new HashSet<string> { "~/.token" } }), Is.Empty);
    }

    [TestCase("api.example.com", "api.example.com", true)]
    [TestCase("*.example.com", "api.example.com", true)]
    [TestCase("*.example.com", "a.b.example.com", true)]
    [TestCase("*.example.com", "*.b.example.com", true)]
    [TestCase("*.example.com", "example.com", false)]
    [TestCase("*.example.com", "notexample.com", false)]
    public void Hosts_that_overlap_agree_on_inspection(string one, string other, bool conflict)
    {
        var request = Samples.Launch(Samples.Bottle(Samples.Route(one, 7), Samples.Route(other, 8) with { Inspect = false }));
        var diagnostics = Planner.Plan(request, Samples.Facts()).Diagnostics;
        Assert.That(diagnostics.Select(d => d.Code), Is.EqualTo(conflict ? ["BTL2006"] : Array.Empty<string>()));
        Assert.That(diagnostics.Select(d => d.Where!.Line), Is.All.EqualTo(8));
    }

    [Test]
    public void Pipelock_mirrors_the_hosts()
    {
        var pipelock = Samples.Plan(
            Samples.Route("b.example.com"), Samples.Route("a.example.com"), Samples.Route("b.example.com"),
            Samples.Route("*.pkg.example.com") with { Inspect = false }).Pipelock!;
        Assert.That(pipelock.Allowlist, Is.EqualTo(["*.pkg.example.com", "a.example.com", "b.example.com"]));
        Assert.That(pipelock.Passthrough, Is.EqualTo(["*.pkg.example.com"]));
        Assert.That(pipelock.AllowedAddresses, Is.Empty);
        Assert.That(pipelock.ResolvesOutside, Is.True);
    }

    [Test]
    public void A_credential_header_of_an_inspected_route_is_not_scanned()
    {
        var auth = Samples.Auth(AuthScheme.Header, "T", "private-token");
        var pipelock = Samples.Plan(
            Samples.Route("a.example.com") with { Auth = auth },
            Samples.Route("b.example.com") with { Auth = Samples.Auth(AuthScheme.Header, "T", "x-other"), Inspect = false }).Pipelock!;
        Assert.That(pipelock.CredentialHeaders, Is.EqualTo(["private-token"]));
    }
}
