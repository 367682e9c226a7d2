using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class ProviderPlannerTests
{
    private static LaunchRequest Claude(BottleManifest? bottle = null) => Samples.Launch(bottle, "claude");

    private static string? Value(BottlePlan plan, string name) => plan.Agent.Environment.SingleOrDefault(v => v.Name == name)?.Literal;

    [Test]
    public void The_first_word_of_the_command_selects_a_provider([Values("claude", "/usr/local/bin/claude")] string command)
    {
        var plan = Samples.Plan(Samples.Launch(null, command, "--continue"), Samples.Facts("CLAUDE_CODE_OAUTH_TOKEN"));
        Assert.That(plan.Agent.Provider, Is.EqualTo("claude"));
        Assert.That(plan.Egress!.Routes.Select(r => r.Host), Is.EqualTo(["api.anthropic.com"]));
        Assert.That(plan.Pipelock!.Passthrough, Is.EqualTo(["api.anthropic.com"]));
        Assert.That(Value(plan, "DISABLE_AUTOUPDATER"), Is.EqualTo("1"));
    }

    [Test]
    public void Another_command_gets_no_provider() => Assert.That(Samples.Plan(Samples.Launch(null, "bash", "claude")).Egress, Is.Null);

    [Test]
    public void Provider_none_folds_in_nothing()
    {
        var plan = Samples.Plan(Claude(Samples.Bottle() with { Provider = Samples.At("none", 4) }));
        Assert.That((plan.Egress, plan.Agent.Provider), Is.EqualTo(((EgressPlan?)null, (string?)null)));
        Assert.That(Value(plan, "CLAUDE_CODE_OAUTH_TOKEN"), Is.Null);
    }

    [Test]
    public void A_named_provider_serves_any_command()
    {
        var request = Samples.Launch(Samples.Bottle() with { Provider = Samples.At("claude", 4) }, "my-wrapper");
        Assert.That(Samples.Plan(request, Samples.Facts("ANTHROPIC_API_KEY")).Agent.Provider, Is.EqualTo("claude"));
    }

    [Test]
    public void An_unknown_provider_is_an_error_that_names_the_known_ones()
    {
        var error = Planner.Plan(Claude(Samples.Bottle() with { Provider = Samples.At("claud", 4) }), Samples.Facts()).Diagnostics.Single();
        Assert.That((error.Code, error.Where!.Line), Is.EqualTo(("BTL2005", 4)));
        Assert.That(error.Fix, Does.Contain("claude, codex, none"));
    }

    [Test]
    public void The_first_credential_that_is_set_is_used()
    {
        var plan = Samples.Plan(Claude(), Samples.Facts("ANTHROPIC_API_KEY"));
        var auth = plan.Egress!.Routes.Single().Auth!;
        Assert.That((auth.Scheme, auth.Header), Is.EqualTo((AuthScheme.Header, "x-api-key")));
        Assert.That(plan.Egress.Tokens.Single().Secret, Is.EqualTo(new SecretRef.Environment("ANTHROPIC_API_KEY")));
        Assert.That(Value(plan, "ANTHROPIC_API_KEY"), Is.EqualTo("placeholder"));
        Assert.That(Value(plan, "CLAUDE_CODE_OAUTH_TOKEN"), Is.Null);
    }

    [Test]
    public void With_both_the_better_one_wins() =>
        Assert.That(
            Samples.Plan(Claude(), Samples.Facts("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN")).Egress!.Tokens.Single().Secret,
            Is.EqualTo(new SecretRef.Environment("CLAUDE_CODE_OAUTH_TOKEN")));

    [Test]
    public void No_credential_at_all_is_said_with_every_choice()
    {
        var loose = Planner.Plan(Claude(), Samples.Facts());
        Assert.That(loose.Plan!.Egress!.Routes.Single().Auth, Is.Not.Null);
        var warning = loose.Diagnostics.Single();
        Assert.That((warning.Code, warning.Severity), Is.EqualTo(("BTL2004", Severity.Warning)));
        Assert.That(warning.Message, Does.Contain("CLAUDE_CODE_OAUTH_TOKEN, ANTHROPIC_API_KEY"));

        var strict = Planner.Plan(Claude() with { HostIsRequired = true }, Samples.Facts());
        Assert.That((strict.Plan, strict.Diagnostics.Single().Severity), Is.EqualTo(((BottlePlan?)null, Severity.Error)));
    }

    [Test]
    public void A_manifest_route_for_the_same_host_wins_whole()
    {
        var own = Samples.Route("api.anthropic.com", 8) with { Inspect = false, Methods = ["GET"] };
        var result = Planner.Plan(Claude(Samples.Bottle(own)), Samples.Facts());
        Assert.That(result.Diagnostics, Is.Empty);
        var route = result.Plan!.Egress!.Routes.Single();
        Assert.That((route.Auth, route.Source), Is.EqualTo(((RouteAuth?)null, "bottles/dev.md:8")));
        Assert.That(Value(result.Plan, "CLAUDE_CODE_OAUTH_TOKEN"), Is.EqualTo("placeholder"));
    }

    [Test]
    public void A_model_api_is_closed_unless_the_bottle_opens_it()
    {
        var facts = Samples.Facts("ANTHROPIC_API_KEY");
        var closed = Samples.Plan(Claude(), facts).Egress!.Routes.Single().Provider;
        Assert.That((closed!.ServerTools.Count, closed.Betas.Count), Is.EqualTo((0, 0)));

        var opened = Samples.Bottle(Samples.Route("api.example.com")) with { ProviderPolicy = new ProviderPolicy { ServerTools = ["web_search"], Betas = ["web-fetch"] } };
        var routes = Samples.Plan(Claude(opened), facts).Egress!.Routes;
        Assert.That(routes.Select(r => r.Provider), Is.EqualTo([opened.ProviderPolicy, null]));
    }

    [Test]
    public void What_is_opened_without_a_model_api_is_said_to_do_nothing([Values] bool hasRoute)
    {
        var bottle = (hasRoute ? Samples.Bottle(Samples.Route("api.example.com")) : Samples.Bottle()) with { ProviderPolicy = new ProviderPolicy { ServerTools = ["web_search"], Betas = ["web-fetch"] } };
        var warning = Planner.Plan(Samples.Launch(bottle), Samples.Facts()).Diagnostics.Single();
        Assert.That((warning.Code, warning.Severity), Is.EqualTo(("BTL2029", Severity.Warning)));
        Assert.That(warning.Message, Does.Contain("web_search, web-fetch").And.Contain("model_api"));
        Assert.That(Planner.Plan(Claude(bottle), Samples.Facts("ANTHROPIC_API_KEY")).Diagnostics, Is.Empty, "the provider's own route has it");
    }

    [Test]
    public void A_manifest_route_that_replaces_the_providers_says_itself_whether_its_requests_are_read([Values] bool read)
    {
        var own = Samples.Route("api.anthropic.com", 8) with { Inspect = false, ModelApi = read };
        Assert.That(Samples.Plan(Claude(Samples.Bottle(own)), Samples.Facts()).Egress!.Routes.Single().Provider is not null, Is.EqualTo(read));
    }

    [Test]
    public void The_providers_exact_host_comes_before_a_wildcard_of_the_manifest()
    {
        var bottle = Samples.Bottle(Samples.Route("*.anthropic.com") with { Inspect = false });
        var egress = Samples.Plan(Claude(bottle), Samples.Facts("ANTHROPIC_API_KEY")).Egress!;
        Assert.That(egress.Routes.Select(r => r.Host), Is.EqualTo(["api.anthropic.com", "*.anthropic.com"]));
    }

    [TestCase("ANTHROPIC_API_KEY", null)]
    [TestCase("MY_KEY", "CLAUDE_CODE_OAUTH_TOKEN")]
    public void The_credential_itself_does_not_enter_the_agent(string name, string? fromHost)
    {
        var entry = fromHost is null ? Samples.Literal(name, "x", 5) : Samples.FromHost(name, fromHost, 5);
        var request = Claude(Samples.Bottle() with { Environment = [entry] });
        var error = Planner.Plan(request, Samples.Facts("ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN")).Diagnostics.Single();
        Assert.That((error.Code, error.Severity, error.Where!.Line), Is.EqualTo(("BTL2015", Severity.Error, 5)));
    }
}
