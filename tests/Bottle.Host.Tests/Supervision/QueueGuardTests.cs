using System.Diagnostics;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
using Bottle.Host.Audit;
using Bottle.Host.Supervision;
using Bottle.Host.Tests.Apply;
using NUnit.Framework;

namespace Bottle.Host.Tests.Supervision;

/// <summary>A sidecar that was taken over writes what it likes into the one folder of the host that it has (attacks.md 42).</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class QueueGuardTests : IDisposable
{
    private readonly FakeBottle bottle = ApplyTests.Bottle();

    public void Dispose() => bottle.Dispose();

    private string Folder => bottle.State[StateLayout.SuperviseProposals];

    [Test]
    public async Task What_its_own_program_can_put_there_is_left_alone()
    {
        for (var i = 0; i < ProposalLimits.Open; i++) bottle.Ask($"egress-block-{i}", ProposedQuestion.ForRoute("GET", $"https://a{i}.example.com/"), new string('x', ProposalLimits.Reason));
        await File.WriteAllTextAsync(Path.Combine(Folder, ".egress-block-9.half"), "{");
        File.CreateSymbolicLink(Path.Combine(Folder, "link"), "/etc");
        Assert.That(await Guard.TendAsync(CancellationToken.None), Is.Null);
        Assert.That(bottle.CommandLines, Has.None.Contains("kill"));
    }

    [TestCase("many", "more than 128 entries")]
    [TestCase("folder", "there is a folder")]
    [TestCase("large", "larger than any proposal")]
    [TestCase("reserved", "larger than any proposal")]
    public async Task What_it_cannot_have_put_there_ends_it_and_is_removed_and_recorded(string what, string why)
    {
        var outside = Directory.CreateDirectory(Path.Combine(bottle.Home.Root, "outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "kept"), "");
        Spoil(what, outside);
        Assert.That(await Guard.TendAsync(CancellationToken.None), Does.Contain(why));
        Assert.That(bottle.CommandLines, Has.Some.Contains($"kill --signal KILL {bottle.Plan.Names.Container("supervise")}"));
        Assert.That(Directory.EnumerateFileSystemEntries(Folder), Is.Empty);
        Assert.That(File.Exists(Path.Combine(outside, "kept")), "a link is removed, and not what it points to");
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { AuditEvents.Stopped }));
        Assert.That(AuditCheck.Run(bottle.Home).All(report => report.Verdict.IsWhole));
        Assert.That(await Guard.TendAsync(CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_folder_of_a_hundred_thousand_files_is_listed_as_quickly_as_a_small_one()
    {
        for (var i = 0; i < 100_000; i++) File.Create(Path.Combine(Folder, $"{(i % 2 == 0 ? "." : "")}{i}")).Dispose();
        var clock = Stopwatch.StartNew();
        var listed = (await bottle.Desk.ListAsync()).Single();
        Assert.That(listed.IsCutOff);
        await TestContext.Out.WriteLineAsync($"listed in {clock.Elapsed.TotalMilliseconds:0} ms");
        Assert.That(listed.Unreadable, Has.Count.LessThanOrEqualTo(2 * ProposalLimits.Open));
    }

    private QueueGuard Guard => new(bottle.Services, bottle.State);

    private void Spoil(string what, string outside)
    {
        switch (what)
        {
            case "many":
                for (var i = 0; i <= QueueGuard.MostEntries; i++) File.CreateSymbolicLink(Path.Combine(Folder, $".{i}"), outside);
                break;
            case "folder":
                File.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, ".deep", "er")).FullName, "link"), outside);
                break;
            case "large":
                File.WriteAllBytes(Path.Combine(Folder, "x.json"), new byte[ProposalLimits.FileBytes * 3]);
                break;
            default:
                // Larger on disk than it says to be.
                File.WriteAllText(Path.Combine(Folder, "x.json"), "");
                using (var reserving = Process.Start("fallocate", ["--keep-size", "--length", "1M", Path.Combine(Folder, "x.json")]))
                    reserving.WaitForExit();
                break;
        }
    }
}
