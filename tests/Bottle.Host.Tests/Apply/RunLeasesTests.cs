using Bottle.Contracts.Routes;
using Bottle.Host.Apply;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

[Parallelizable(ParallelScope.All)]
public sealed class RunLeasesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [TestCase(3, 1, null, "lease for 3 requests (1 left)")]
    [TestCase(1, null, null, "lease for 1 request")]
    [TestCase(null, null, 30 * 60, "lease until 2026-11-21T12:30:00Z (30 min left)")]
    [TestCase(null, null, 59, "lease until 2026-11-21T12:00:59Z (59 s left)")]
    [TestCase(null, null, 3 * 3600, "lease until 2026-11-21T15:00:00Z (3 h 0 min left)")]
    [TestCase(null, null, -1, "lease until 2026-11-21T11:59:59Z (ended)")]
    [TestCase(3, 0, 90, "lease for 3 requests (0 left), until 2026-11-21T12:01:30Z (1 min left)")]
    public void A_lease_is_told_with_what_is_left_of_it(int? uses, int? left, int? seconds, string text) =>
        Assert.That(RunLeases.Text(new RouteLease { Id = "grant-1", Uses = uses, Until = seconds is { } after ? Now.AddSeconds(after) : null }, Now, left), Is.EqualTo(text));

    [Test]
    public void Leases_are_read_from_what_egress_says()
    {
        var leases = RunLeases.Read("""
            {"routes": [{"host": "a.test"}, {"lease": {"id": "x", "state": "in force", "uses": 3, "uses_left": 2}}, {"lease": {"id": "y", "state": "used up", "uses": 3, "uses_left": 0}},
              {"lease": {"id": "z", "state": "ended", "until": "2026-01-01T00:00:00Z"}}, {"lease": {"id": "u", "state": "uncounted", "uses": 3}}]}
            """);
        Assert.That(leases, Is.EqualTo(new[] { new LeaseStanding("x", false, 2), new LeaseStanding("y", true, 0), new LeaseStanding("z", true, null), new LeaseStanding("u", false, null) }));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("no answer")]
    public void What_is_no_answer_says_nothing_of_leases(string text) => Assert.That(RunLeases.Read(text), Is.Null);

    [TestCase("""{"routes": [{"lease": {"id": "x", "uses_left": 99999999999}}]}""")]
    [TestCase("""{"routes": [{"lease": {"id": "x", "uses_left": "many"}}]}""")]
    [TestCase("""{"routes": [{"lease": {"id": "x", "uses_left": 1.5}}]}""")]
    public void A_count_that_is_none_is_not_known(string text) => Assert.That(RunLeases.Read(text)!.Single().UsesLeft, Is.Null);
}
