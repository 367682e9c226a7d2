using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class LeaseTermTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, 900, TimeSpan.Zero);

    [TestCase("90s", "2026-01-31T12:01:30Z")]
    [TestCase("30m", "2026-01-31T12:30:00Z")]
    [TestCase("2h", "2026-01-31T14:00:00Z")]
    [TestCase("30d", "2026-03-02T12:00:00Z")]
    public void Time_ends_at_a_whole_second(string text, string until)
    {
        var lease = LeaseTerm.Parse(text, out _)!.At(Now, "p1");
        Assert.That(lease?.Until, Is.EqualTo(DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.That(lease, Has.Property("Id").EqualTo("p1").And.Property("Uses").Null);
    }

    [Test]
    public void Uses_are_counted_and_a_run_has_no_lease()
    {
        Assert.That(LeaseTerm.Parse("3x", out _)!.At(Now, "p1"), Has.Property("Uses").EqualTo(3).And.Property("Until").Null);
        Assert.That(LeaseTerm.Parse("run", out _)!.At(Now, "p1"), Is.Null);
    }

    [TestCase("", "no number")]
    [TestCase("m", "no number")]
    [TestCase("0m", "no number")]
    [TestCase("-1x", "no number")]
    [TestCase("1.5h", "no number")]
    [TestCase("30", "no unit")]
    [TestCase("3w", "no unit")]
    [TestCase("31d", "longer than 30 days")]
    [TestCase("99999999999999999x", "no limit")]
    [TestCase("99999999999999999999999m", "no number")]
    [TestCase("RUN", "no number")]
    public void What_is_no_term_is_said_to_be_none(string text, string reason)
    {
        Assert.That(LeaseTerm.Parse(text, out var problem), Is.Null);
        Assert.That(problem, Does.Contain(reason));
    }
}
