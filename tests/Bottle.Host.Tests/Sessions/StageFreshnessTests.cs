using Bottle.Host.Processes;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
public sealed class StageFreshnessTests
{
    private static readonly StageInput Api = StageInput.Of("route api.example.com", "GET", "bottles/dev.md:14");
    private static readonly StageInput Table = StageInput.Of("egress/routes.yaml", "one");

    private static StageRecord Done(params IReadOnlyList<StageInput> inputs) => new("RenderEgress", StageRecord.Succeeded, DateTimeOffset.UnixEpoch, 1) { Inputs = inputs };

    [Test]
    public void Equal_inputs_in_any_order_and_place_are_no_reason() =>
        Assert.That(StageFreshness.Reason(Done(Api, Table), [Table, Api with { Where = "bottles/dev.md:20" }]), Is.Null);

    [Test]
    public void A_stage_that_never_ran_or_failed_runs()
    {
        Assert.That(StageFreshness.Reason(null, []), Is.EqualTo("first run"));
        Assert.That(StageFreshness.Reason(Done(Api) with { Result = StageRecord.Failed }, [Api]), Is.EqualTo("it failed before"));
        Assert.That(StageFreshness.Reason(Done(Api) with { Inputs = null }, [Api]), Does.Contain("recorded"));
    }

    [Test]
    public void What_a_person_wrote_is_named_with_its_line_and_what_follows_from_it_is_not()
    {
        var changed = Table with { Hash = ContentDigest.Of("two") };
        Assert.That(StageFreshness.Reason(Done(Table), [changed, Api]), Is.EqualTo("route api.example.com added at bottles/dev.md:14"));
        Assert.That(StageFreshness.Reason(Done(Table, Api), [changed]), Is.EqualTo("route api.example.com removed (it stood at bottles/dev.md:14)"));
        Assert.That(StageFreshness.Reason(Done(Api), [Api with { Hash = ContentDigest.Of("POST") }]), Is.EqualTo("route api.example.com changed at bottles/dev.md:14"));
        Assert.That(StageFreshness.Reason(Done(Table), [changed]), Is.EqualTo("egress/routes.yaml changed"));
    }

    [Test]
    public void A_long_list_of_reasons_is_cut_and_counted() =>
        Assert.That(StageFreshness.Reason(Done(), [.. Enumerable.Range(1, 5).Select(n => StageInput.Of($"route h{n}.test", "x", $"dev.md:{n}"))]),
            Is.EqualTo("route h1.test added at dev.md:1, route h2.test added at dev.md:2, route h3.test added at dev.md:3, and 2 more"));

    [Test]
    public void Files_that_are_gone_or_changed_are_a_reason_and_engine_objects_are_not_looked_for_on_disk()
    {
        using var folder = new TemporaryFolder();
        using var state = new StateStore(new BottleHome(folder.Path), new CommandRunner()).Create("demo-k3x9a");
        File.WriteAllText(state["a"], "1");
        var record = Done() with { Outputs = new Dictionary<string, string> { ["a"] = ContentDigest.Of("1"), ["container agent"] = "c1" } };
        Assert.That(StageFreshness.Reason(record, state), Is.Null);
        File.WriteAllText(state["a"], "2");
        Assert.That(StageFreshness.Reason(record, state), Is.EqualTo("a was changed since"));
        File.Delete(state["a"]);
        Assert.That(StageFreshness.Reason(record, state), Is.EqualTo("a is gone"));
    }

    [Test]
    public void What_changed_is_what_is_new_gone_or_not_as_it_was()
    {
        StageInput same = StageInput.Of("same", "1"), old = StageInput.Of("other", "1"), now = StageInput.Of("other", "2"), gone = StageInput.Of("gone", "1"), fresh = StageInput.Of("fresh", "1");
        Assert.That(StageFreshness.Changed([same, old, gone], [same, now, fresh]), Is.EquivalentTo(new[] { "other", "gone", "fresh" }));
        Assert.That(StageFreshness.Changed([same with { Where = "a:1" }], [same with { Where = "a:2" }]), Is.Empty, "a line that only moved is no change");
    }
}
