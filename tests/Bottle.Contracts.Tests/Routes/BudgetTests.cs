using System.Text;
using Bottle.Contracts.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class BudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly BudgetCounts Counts = new() { Started = Noon, Requests = 79, Bytes = 4096, Tokens = 100, UnreadAnswers = 2 };

    [TestCase(0, null, BudgetState.Ok)]
    [TestCase(long.MaxValue, null, BudgetState.Ok)]
    [TestCase(0, 1, BudgetState.Ok)]
    [TestCase(1, 1, BudgetState.Spent)]
    [TestCase(79, 100, BudgetState.Ok)]
    [TestCase(80, 100, BudgetState.Warning)]
    [TestCase(99, 100, BudgetState.Warning)]
    [TestCase(100, 100, BudgetState.Spent)]
    [TestCase(long.MaxValue, 100, BudgetState.Spent)]
    [TestCase(2, 3, BudgetState.Ok)]
    [TestCase(5, 6, BudgetState.Warning)]
    public void From_80_percent_on_there_is_a_warning_and_from_100_on_it_is_spent(long used, long? limit, BudgetState state) => Assert.That(BudgetLine.Of(used, limit), Is.EqualTo(new BudgetLine(used, limit, state)));

    [Test]
    public void The_largest_limits_do_not_overflow() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(
        Gen.Choose(0, 200).Zip(Gen.Choose(1, int.MaxValue)).ToArbitrary(),
        pair =>
        {
            var (percent, part) = pair;
            var limit = Budget.Most / part;
            var used = (long)((Int128)limit * percent / 100);
            return BudgetLine.Of(used, limit).State == (used >= limit ? BudgetState.Spent : (Int128)used * 5 >= (Int128)limit * 4 ? BudgetState.Warning : BudgetState.Ok);
        }));

    [Test]
    public void Minutes_are_whole_and_never_negative()
    {
        Assert.That(Counts.At(Noon.AddSeconds(59)).Minutes, Is.Zero);
        Assert.That(Counts.At(Noon.AddSeconds(60)).Minutes, Is.EqualTo(1));
        Assert.That(Counts.At(Noon.AddYears(-5)).Minutes, Is.Zero);
    }

    [Test]
    public void The_report_says_every_kind_whether_it_has_a_limit_or_not()
    {
        var report = BudgetReport.Of(new Budget { Minutes = 240, Tokens = 100 }, Counts.At(Noon.AddMinutes(200)));
        const string expected = """{"minutes":{"used":200,"limit":240,"state":"warning"},"requests":{"used":79,"limit":null,"state":"ok"},"bytes":{"used":4096,"limit":null,"state":"ok"},"tokens":{"used":100,"limit":100,"state":"spent"},"unread_answers":2,"error":null}""";
        Assert.That(Encoding.UTF8.GetString(BudgetFormat.Write(report)), Is.EqualTo(expected));
        Assert.That(BudgetFormat.ReadReport(Encoding.UTF8.GetBytes(expected)), Is.EqualTo(report));
        Assert.That(report.ToLines().Select(pair => pair.Line), Is.EqualTo(new[] { report.Minutes, report.Requests, report.Bytes, report.Tokens }));
        Assert.That(BudgetReport.Of(null, Counts.At(Noon), "why").ToLines().Select(pair => pair.Line.State), Is.All.EqualTo(BudgetState.Ok));
    }

    [Test]
    public void Counts_are_read_as_they_were_written()
    {
        const string expected = """{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":4096,"tokens":100,"unread_answers":2}""";
        Assert.That(Encoding.UTF8.GetString(BudgetFormat.Write(Counts)), Is.EqualTo(expected));
        Assert.That(BudgetFormat.ReadCounts(Encoding.UTF8.GetBytes(expected)), Is.EqualTo(Counts));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":4096,"tokens":100}""")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":4096,"tokens":-1,"unread_answers":2}""")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"requests":1,"bytes":4096,"tokens":100,"unread_answers":2}""")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":1e99,"tokens":100,"unread_answers":2}""")]
    [TestCase("""{"started":"yesterday","requests":79,"bytes":4096,"tokens":100,"unread_answers":2}""")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":4096,"tokens":100,"unread_answers":2,"limit":1}""")]
    [TestCase("""{"started":"2026-01-31T12:00:00+00:00","requests":79,"bytes":4096,"tokens":100,"unread_answers":2""")]
    public void What_is_not_whole_counts_nothing(string text) => Assert.That(BudgetFormat.ReadCounts(Encoding.UTF8.GetBytes(text)), Is.Null);

    [Test]
    public void No_text_makes_the_readers_throw()
    {
        var pieces = Gen.Elements("{", "}", "[", ":", ",", "\"minutes\"", "\"requests\"", "\"used\"", "\"limit\"", "\"state\"", "\"spent\"", "\"started\"", "1", "-1", "null", "1e400", "\"2026-01-31T12:00:00Z\"", "\\");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Gen.Select(Gen.ArrayOf(pieces), string.Concat).ToArbitrary(), text =>
            BudgetFormat.ReadCounts(Encoding.UTF8.GetBytes(text)) is null && BudgetFormat.ReadReport(Encoding.UTF8.GetBytes(text)) is null));
    }
}
