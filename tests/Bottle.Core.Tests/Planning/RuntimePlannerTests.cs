using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class RuntimePlannerTests
{
    private static readonly RunscFacts Works = new(true, "a container that was tried runs under gVisor");
    private static readonly RunscFacts Fails = new(false, "the engine offers no runsc (gVisor)");

    [TestCase(null, true, "runsc", "a container that was tried runs under gVisor")]
    [TestCase("auto", true, "runsc", "a container that was tried runs under gVisor")]
    [TestCase("auto", false, "runc", "the engine offers no runsc (gVisor)")]
    [TestCase(null, false, "runc", "the engine offers no runsc (gVisor)")]
    [TestCase("runc", true, "runc", "the manifest says so")]
    [TestCase("runsc", true, "runsc", "the manifest says so; a container that was tried runs under gVisor")]
    public void The_runtime_is_what_works_or_what_is_written(string? written, bool works, string runtime, string reason)
    {
        var plan = Samples.Plan(Request(written), Samples.Facts() with { Runsc = works ? Works : Fails });
        Assert.That(plan.Agent.Runtime, Is.EqualTo(new RuntimePlan(runtime, reason)));
    }

    [Test]
    public void A_runsc_that_is_written_and_does_not_work_stops_a_launch()
    {
        var error = Planner.Plan(Request("runsc") with { HostIsRequired = true }, Samples.Facts() with { Runsc = Fails }).Diagnostics.Single();
        Assert.That((error.Code, error.Severity, error.Where!.Line), Is.EqualTo(("BTL2071", Severity.Error, 8)));
        Assert.That(error.Message, Does.Contain("the engine offers no runsc"));
    }

    [Test]
    public void It_is_rendered_as_written_where_no_engine_is_asked()
    {
        var result = Planner.Plan(Request("runsc"), Samples.Facts());
        Assert.That((result.Plan!.Agent.Runtime.Name, result.Diagnostics.Single().Severity), Is.EqualTo(("runsc", Severity.Warning)));
    }

    private static LaunchRequest Request(string? written) => Samples.Launch(Samples.Bottle() with { Runtime = written is null ? null : Samples.At(written, 8) });
}
