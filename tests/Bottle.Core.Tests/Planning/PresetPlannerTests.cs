using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class PresetPlannerTests
{
    [TestCase(PresetName.Npm, "https://npm.example.com", "npm.example.com", 443, null)]
    [TestCase(PresetName.Npm, "https://mirror.example.com:8443/api/npm/all/", "mirror.example.com", 8443, "/api/npm/all/*")]
    [TestCase(PresetName.PyPi, "https://mirror.example.com/api/pypi/simple", "mirror.example.com", 443, "/api/pypi/*")]
    [TestCase(PresetName.PyPi, "https://pip.example.com/simple/", "pip.example.com", 443, null)]
    [TestCase(PresetName.NuGet, "https://nuget.example.com/v3/index.json", "nuget.example.com", 443, null)]
    [TestCase(PresetName.Go, "https://go.example.com/proxy", "go.example.com", 443, "/proxy/*")]
    [TestCase(PresetName.Debian, "http://deb.example.com/debian/", "deb.example.com", 80, "/debian/*")]
    public void A_preset_opens_what_the_client_names_for_reading_and_nothing_else(string preset, string url, string host, int port, string? path)
    {
        var route = Samples.Plan(Launch(preset), Facts(preset, url)).Egress!.Routes.Single();
        Assert.That((route.Host, route.Ports.Single(), route.PathAllowlist?.Single()), Is.EqualTo((host, port, path)));
        Assert.That(route.Methods, Is.EqualTo(["GET", "HEAD"]));
        Assert.That((route.Inspect, route.WebSocket, route.ClientAuthPasses, route.Auth), Is.EqualTo((false, false, false, (RouteAuth?)null)));
        Assert.That(route.Source, Is.EqualTo($"bottles/dev.md:4 (preset {preset} 1)"));
    }

    [Test]
    public void A_scoped_package_of_npm_is_fetched_below_the_registrys_path()
    {
        var matcher = new RouteMatcher(Samples.Plan(Launch(PresetName.Npm), Facts(PresetName.Npm, "https://m.example.com/npm")).Egress!.Routes);
        Assert.That(Allows(matcher, "m.example.com", "GET", "/npm/@scope%2fname"), Is.True);
        Assert.That(Allows(matcher, "m.example.com", "PUT", "/npm/@scope%2fname"), Is.False, "publishing");
        Assert.That(Allows(matcher, "m.example.com", "GET", "/pypi/x"), Is.False);
    }

    [Test]
    public void What_a_person_wrote_for_the_same_host_goes_first()
    {
        var launch = Launch(PresetName.Npm);
        var own = Samples.Route("npm.example.com") with { Inspect = false, Auth = Samples.Auth(AuthScheme.Bearer, "T"), Paths = ["/*"] };
        var routes = Samples.Plan(launch with { Bottle = launch.Bottle with { Routes = [own] } }, Facts(PresetName.Npm, "https://npm.example.com/") with { Variables = new HashSet<string> { "T" } }).Egress!.Routes;
        Assert.That(routes.Select(route => route.Auth is null), Is.EqualTo([false, true]));
    }

    [Test]
    public void An_inspected_route_to_the_same_host_is_a_conflict_that_names_both_lines()
    {
        var launch = Launch(PresetName.Npm);
        var diagnostics = Planner.Plan(launch with { Bottle = launch.Bottle with { Routes = [Samples.Route("npm.example.com")] } }, Facts(PresetName.Npm, "https://npm.example.com/")).Diagnostics;
        Assert.That(diagnostics.Single().Message, Does.Contain("bottles/dev.md:7").And.Contain("bottles/dev.md:4 (preset npm 1)"));
    }

    [Test]
    public void Without_a_host_the_plan_leads_nowhere_and_a_start_is_refused()
    {
        var loose = Planner.Plan(Launch(PresetName.Crates), Samples.Facts());
        Assert.That(loose.Diagnostics.Select(d => (d.Code, d.Severity)), Is.EqualTo([("BTL2031", Severity.Warning)]));
        Assert.That(loose.Plan!.Egress!.Routes.Single().Host, Is.EqualTo("crates.registry.invalid"));

        var error = Planner.Plan(Launch(PresetName.Crates) with { HostIsRequired = true }, Samples.Facts()).Diagnostics.Single();
        Assert.That((error.Severity, error.Where!.ToString()), Is.EqualTo((Severity.Error, "bottles/dev.md:4:3")));
        Assert.That(error.Message, Does.Contain("cargo"));
        Assert.That(error.Fix, Does.Contain("config.toml"));
    }

    [TestCase("http://npm.example.com:4873/")]
    [TestCase("https://127.0.0.1/")]
    [TestCase("https://npm.example.com:80/")]
    [TestCase("https://npm.example.com/a%5cb/")]
    [TestCase("ftp://npm.example.com/")]
    [TestCase("npm")]
    public void A_registry_that_no_route_can_hold_is_refused(string url) =>
        Assert.That(Planner.Plan(Launch(PresetName.Npm) with { HostIsRequired = true }, Facts(PresetName.Npm, url)).Diagnostics.Select(d => d.Code), Is.EqualTo(["BTL2032"]));

    [Test]
    public void GitHub_is_for_fetching_alone()
    {
        var plan = Samples.Plan(Launch(PresetName.GitHubRead), Samples.Facts());
        var matcher = new RouteMatcher(plan.Egress!.Routes);
        Assert.That(Allows(matcher, "github.com", "POST", "/owner/repo.git/git-upload-pack"), Is.True);
        Assert.That(Allows(matcher, "github.com", "POST", "/owner/repo.git/git-receive-pack"), Is.False);
        Assert.That(Allows(matcher, "api.github.com", "POST", "/gists"), Is.False);
        Assert.That(plan.Pipelock!.Passthrough, Is.EquivalentTo(plan.Egress.Routes.Select(route => route.Host)));
    }

    [Test]
    public void Every_name_that_a_manifest_may_hold_has_a_set() =>
        Assert.That(PresetName.All.Select(name => Planner.Plan(Launch(name), Samples.Facts()).Plan!.Egress!.Routes.Count), Is.All.GreaterThan(0));

    private static bool Allows(RouteMatcher matcher, string host, string method, string path)
    {
        Assert.That(RouteRequest.TryParse(method, $"https://{host}{path}", out var request, out var problem), Is.True, problem);
        return matcher.Decide(request).IsAllowed;
    }

    private static LaunchRequest Launch(string preset) => Samples.Launch(Samples.Bottle() with { Presets = [Samples.At(preset, 4)] });

    private static HostFacts Facts(string preset, string url) => Samples.Facts() with { Registries = new Dictionary<string, IReadOnlyList<string>> { [preset] = [url] } };
}
