using System.Text;
using Bottle.Contracts.Audit;
using Bottle.Host.Audit;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.Audit;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AuditLogTests : IDisposable
{
    private const string Run = "demo-00000";
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly AuditLog log;

    public AuditLogTests()
    {
        home = new BottleHome(folder.Path);
        log = new AuditLog(home, new SteppingTime());
    }

    private string Own => AuditLog.RunFile(home, Run);

    private string All => AuditLog.HomeFile(home);

    public void Dispose() => folder.Dispose();

    [Test]
    public async Task Every_decision_stands_in_the_runs_file_and_in_the_one_over_all_bottles()
    {
        await WriteAsync(3);
        await WriteAsync(2, "other-00000");
        Assert.That(Problems(), Is.Empty);
        Assert.That(AuditCheck.Run(home).Select(r => r.Verdict.Records), Is.EqualTo(new[] { 5, 3, 2 }));
        Assert.That(File.GetUnixFileMode(Own), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(File.GetUnixFileMode(All), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(AuditCheck.Run(home, Run).Select(r => r.Identity), Is.EqualTo(new[] { null, Run }));
    }

    [Test]
    public async Task Two_writers_at_once_never_fork_the_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => new AuditLog(new BottleHome(folder.Path), TimeProvider.System).AppendAsync(Run, "applied", "bottle", null, $"{i}"))));
        Assert.That(Problems(), Is.Empty);
        Assert.That(AuditCheck.Run(home)[0].Verdict.Records, Is.EqualTo(8));
    }

    [TestCase(1)]
    [TestCase(40)]
    public async Task A_line_that_a_kill_tore_is_told_until_the_next_writer_says_so(int left)
    {
        await WriteAsync(2);
        var torn = File.ReadAllBytes(Own);
        File.WriteAllBytes(Own, [.. torn, .. torn.AsSpan()[..left]]);
        Assert.That(Problems(), Is.EqualTo(new[] { $"{Run}: Truncated" }));
        await WriteAsync(1);
        Assert.That(Problems(), Is.Empty);
        Assert.That(File.ReadAllLines(Own).Select(Event), Is.EqualTo(new[] { "applied", "applied", null, "recovered", "applied" }));
        Assert.That(AuditCheck.Run(home)[1].Verdict.Notes, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_whole_line_without_its_end_is_gone_on_with()
    {
        await WriteAsync(2);
        File.WriteAllBytes(Own, File.ReadAllBytes(Own)[..^1]);
        Assert.That(Problems(), Is.EqualTo(new[] { $"{Run}: Truncated" }));
        await WriteAsync(1);
        Assert.That(Problems(), Is.Empty);
        Assert.That(File.ReadAllLines(Own), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task An_end_that_was_cut_off_cleanly_shows_in_the_other_file()
    {
        await WriteAsync(3);
        var (own, all) = (File.ReadAllLines(Own), File.ReadAllLines(All));
        Rewrite(Own, own[..^1]);
        Assert.That(Problems(), Is.EqualTo(new[] { $"{Run}: Truncated" }));
        Rewrite(Own, own);
        Rewrite(All, all[..^1]);
        Assert.That(Problems(), Is.EqualTo(new[] { "all: Truncated" }));
        Rewrite(All, all);
        File.Delete(Own);
        Assert.That(Problems(), Is.EqualTo(Enumerable.Repeat($"{Run}: Truncated", 3)));
        Directory.Delete(home.Runs(Run), recursive: true);
        Assert.That(Problems(), Is.Empty, "whole runs go by age");
    }

    [Test]
    public async Task A_writer_ended_between_its_two_lines_leaves_a_note_when_others_have_written_since()
    {
        await WriteAsync(1);
        var all = File.ReadAllBytes(All);
        await WriteAsync(1);
        File.WriteAllBytes(All, all);
        Assert.That(Problems(), Is.EqualTo(new[] { "all: Truncated" }));
        await WriteAsync(1, "other-00000");
        Assert.That(Problems(), Is.Empty);
        Assert.That(AuditCheck.Run(home)[0].Verdict.Notes.Single().Message, Does.Contain("never written here"));
    }

    [Test]
    public async Task A_long_file_goes_on_from_its_last_line()
    {
        await log.AppendAsync(Run, "applied", "bottle", new string('ü', 40_000), new string('ü', 40_000));
        await WriteAsync(2);
        Assert.That(Problems(), Is.Empty);
        Assert.That(new FileInfo(Own).Length, Is.GreaterThan(300_000));
    }

    [Test]
    public async Task What_others_wrote_is_inert_in_the_log()
    {
        await log.AppendAsync(Run, "rejected", "operator:x", "asked \e[31m\u202e", "no\nway");
        var record = AuditChain.Read(Encoding.UTF8.GetBytes(File.ReadAllText(Own).TrimEnd('\n')), out _)!;
        Assert.That(record.Before, Does.Not.Contain('\e').And.Not.Contain('\u202e'));
        Assert.That(record.After, Is.EqualTo("no\nway"));
    }

    private async Task WriteAsync(int count, string run = Run)
    {
        for (var i = 0; i < count; i++) await log.AppendAsync(run, "applied", "bottle", $"revision {i}", $"revision {i + 1}");
    }

    private IEnumerable<string> Problems() => AuditCheck.Run(home).SelectMany(r => r.Verdict.Problems.Select(p => $"{r.Identity ?? "all"}: {p.Fault}"));

    private static string? Event(string line) => AuditChain.Read(Encoding.UTF8.GetBytes(line), out _)?.Event;

    /// <summary>A clock of which no two looks are alike.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private long looks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(Interlocked.Increment(ref looks));
    }

    private static void Rewrite(string path, string[] lines) => File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
}
