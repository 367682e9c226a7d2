using Bottle.Core.Capability;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Capability;

[Parallelizable(ParallelScope.All)]
public sealed class StepContainerTests
{
    private static readonly BottlePlan Plan = Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { Environment = [Samples.FromHost("API_URL", "API_URL"), Samples.Literal("LOG", "debug", 4)] }), Samples.Facts("API_URL"));

    [Test]
    public void It_is_on_the_internal_network_alone_and_gets_no_variable_that_would_stay_in_the_image()
    {
        var arguments = StepContainer.Create(Plan, file => $"/state/{file}").ToList();
        Assert.That(arguments.Where((_, index) => index > 0 && arguments[index - 1] == "--network"), Is.EqualTo(["claude-bottle-implementer-00000_internal"]));
        Assert.That(arguments, Has.None.StartsWith("--env").And.None.EqualTo("-e").And.None.EqualTo("--privileged"));
        Assert.That(arguments.Where((_, index) => index > 0 && arguments[index - 1] == "--cap-add"), Is.EqualTo(["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID"]));
        Assert.That(string.Join(' ', arguments), Does.Contain("--cap-drop ALL").And.Contain("no-new-privileges:true").And.EndWith("--entrypoint sleep bottle-agent infinity"));
    }

    [Test]
    public void It_sees_of_the_host_what_leads_it_to_egress_and_cannot_write_there()
    {
        var arguments = StepContainer.Create(Plan, file => $"/state/{file}").ToList();
        var mounts = arguments.Where((_, index) => index > 0 && arguments[index - 1] == "--mount").ToList();
        Assert.That(mounts, Is.Not.Empty.And.All.StartsWith("type=bind,source=/state/agent/").And.All.EndsWith(",readonly"));
        Assert.That(mounts, Has.None.Contain("/etc/passwd"), "steps may add users");
    }

    [Test]
    public void Its_steps_find_their_way_out_and_nothing_of_the_operators()
    {
        var environment = StepContainer.Environment(Plan).ToDictionary();
        Assert.That(environment["HTTPS_PROXY"], Is.EqualTo("http://egress:8080"));
        Assert.That(environment["HOME"], Is.EqualTo("/root"));
        Assert.That(environment.Keys, Has.None.EqualTo("API_URL").And.None.EqualTo("LOG"));
    }

    [Test]
    public void The_image_belongs_to_the_run_and_can_be_an_agents_again()
    {
        var changes = StepContainer.Changes(Plan, [new CapabilityStep.Env("EDITOR", "vi")]);
        Assert.That(changes, Does.Contain("USER 1000:1000").And.Contain("ENV EDITOR=\"vi\""));
        Assert.That(changes, Has.Some.Contains("bottle.identity=\"implementer-00000\" bottle.home=\"000000000000\""));
    }

    [Test]
    public void The_Dockerfile_grows_with_every_change()
    {
        var first = StepContainer.Dockerfile(null, Plan, "capability-block-1: jq", [new CapabilityStep.Run("a")]);
        var second = StepContainer.Dockerfile(first, Plan, "capability-block-2: vi", [new CapabilityStep.Env("A", "b")]);
        Assert.That(second, Does.Contain("FROM bottle-agent\n# capability-block-1: jq\nRUN a\n# capability-block-2: vi\nENV A=\"b\"\n"));
        Assert.That(second.Split('\n').Count(line => line.StartsWith("FROM", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void A_reason_cannot_write_a_line_of_the_Dockerfile() =>
        Assert.That(StepContainer.Dockerfile(null, Plan, "x\nRUN evil", [new CapabilityStep.Run("a")]), Does.Not.Contain("\nRUN evil"));
}
