using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class AgentPlannerTests
{
    private static BottlePlan With(HostFacts facts, params EnvironmentManifest[] environment) =>
        Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { Environment = environment }), facts);

    private static string? Value(BottlePlan plan, string name) => plan.Agent.Environment.SingleOrDefault(v => v.Name == name)?.Literal;

    [Test]
    public void Variables_stand_in_ordinal_order_each_once()
    {
        var names = With(Samples.Facts("H"), Samples.Literal("a", "1"), Samples.FromHost("Z", "H"), Samples.Literal("TZ", "Asia/Tokyo")).Agent.Environment.Select(v => v.Name).ToList();
        Assert.That(names, Is.Unique.And.EqualTo(names.Order(StringComparer.Ordinal)));
    }

    [Test]
    public void Time_zone_language_and_terminal_follow_the_operator()
    {
        var plan = With(Samples.Facts() with { TimeZone = "Europe/Berlin", Language = "de_DE.UTF-8", Terminal = "tmux-256color" });
        Assert.That((Value(plan, "TZ"), Value(plan, "LANG"), Value(plan, "TERM")), Is.EqualTo(("Europe/Berlin", "de_DE.UTF-8", "tmux-256color")));
    }

    [Test]
    public void The_manifest_may_set_what_follows_the_operator() =>
        Assert.That(Value(With(Samples.Facts(), Samples.Literal("TZ", "Asia/Tokyo")), "TZ"), Is.EqualTo("Asia/Tokyo"));

    [Test]
    public void With_a_route_everything_goes_through_egress()
    {
        var plan = With(Samples.Facts());
        foreach (var name in new[] { "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy" })
            Assert.That(Value(plan, name), Is.EqualTo("http://egress:8080"), name);
        foreach (var name in new[] { "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO" })
            Assert.That(Value(plan, name), Is.EqualTo("/etc/ssl/certs/ca-certificates.crt"), name);
    }

    [TestCase("https_proxy")]
    [TestCase("Https_Proxy")]
    [TestCase("PATH")]
    [TestCase("SSL_CERT_FILE")]
    [TestCase("EGRESS_TOKEN_0")]
    public void What_Bottle_sets_nobody_else_sets(string name)
    {
        var request = Samples.Launch(Samples.Bottle() with { Environment = [Samples.Literal(name, "x", 5)] });
        var result = Planner.Plan(request, Samples.Facts());
        Assert.That(result.Plan, Is.Null);
        Assert.That(result.Diagnostics.Select(d => (d.Code, d.Where!.Line)), Is.EqualTo([("BTL2014", 5)]));
    }

    [Test]
    public void A_value_from_the_host_is_a_name()
    {
        var variable = With(Samples.Facts("API_URL"), Samples.FromHost("URL", "API_URL")).Agent.Environment.Single(v => v.Name == "URL");
        Assert.That((variable.Literal, variable.FromHost, variable.Source), Is.EqualTo(((string?)null, "API_URL", "bottles/dev.md:3:3")));
    }

    [Test]
    public void A_missing_host_variable_names_its_line()
    {
        var request = Samples.Launch(Samples.Bottle() with { Environment = [Samples.FromHost("URL", "API_URL", 6)] });
        var loose = Planner.Plan(request, Samples.Facts());
        Assert.That((loose.Plan is null, loose.Diagnostics.Single().Severity), Is.EqualTo((false, Severity.Warning)));
        var strict = Planner.Plan(request with { HostIsRequired = true }, Samples.Facts());
        Assert.That((strict.Plan, strict.Diagnostics.Single().Where!.ToString()), Is.EqualTo(((BottlePlan?)null, "bottles/dev.md:6:3")));
    }

    // An attribute cannot hold half a surrogate pair.
    [Test]
    public void A_value_that_no_environment_holds_is_refused()
    {
        foreach (var value in new[] { "a\0b", "\ud800", "\udc00x", "\ud800\ud800" })
            Assert.That(Samples.Codes(Samples.Launch(Samples.Bottle() with { Environment = [Samples.Literal("A", value)] })), Is.EqualTo(["BTL2018"]));
        Assert.That(Samples.Codes(Samples.Launch(Samples.Bottle() with { Environment = [Samples.Literal("A", "\ud83d\ude42")] })), Is.Empty);
    }

    [TestCase(1000, false, "1000:1000", false)]
    [TestCase(501, false, "501:20", true)]
    [TestCase(0, false, "1000:1000", false)]
    [TestCase(501, true, "0:0", false)]
    public void Containers_run_as_the_owner_of_their_files(int uid, bool rootless, string user, bool passwd)
    {
        var plan = With(Samples.Facts() with { Uid = uid, Gid = uid == 501 ? 20 : uid, Rootless = rootless });
        Assert.That((plan.RunAs.ToString(), plan.Agent.NeedsPasswdEntry), Is.EqualTo((user, passwd)));
    }

    [Test]
    public void No_container_asks_for_more_processors_than_there_are()
    {
        var plan = With(Samples.Facts() with { Cpus = 1 });
        Assert.That(new[] { plan.Agent.Limits.Cpus, plan.Egress!.Limits.Cpus, plan.Pipelock!.Limits.Cpus }, Is.All.EqualTo(1));
    }
}
