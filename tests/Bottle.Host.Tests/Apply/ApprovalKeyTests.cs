using System.Security.Cryptography;
using System.Text;
using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Host.Audit;
using Bottle.Host.Supervision;
using NUnit.Framework;

namespace Bottle.Host.Tests.Apply;

/// <summary>The twelve digits that name a diff are the operator's: nobody who reads all that a container can read makes another diff of the same name (attacks.md 36).</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ApprovalKeyTests : IDisposable
{
    private const string Id = "egress-block-1";
    private readonly FakeBottle bottle = ApplyTests.Bottle();

    public void Dispose() => bottle.Dispose();

    [Test]
    public async Task The_name_of_a_diff_is_not_its_hash_and_differs_from_home_to_home()
    {
        var change = await ChangeAsync(bottle);
        Assert.That(change.ShortHash, Does.Match("^[0-9a-f]{12}$"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(change.Diff))), Is.EqualTo(change.DiffSha256).And.Not.StartWith(change.ShortHash));
        using var other = ApplyTests.Bottle();
        var same = await ChangeAsync(other);
        Assert.That((same.Diff, same.DiffSha256), Is.EqualTo((change.Diff, change.DiffSha256)));
        Assert.That(same.ShortHash, Is.Not.EqualTo(change.ShortHash));
    }

    [Test]
    public async Task It_stays_the_same_and_its_key_is_this_users_alone()
    {
        var first = (await ChangeAsync(bottle)).ShortHash;
        Assert.That((await bottle.Desk.ListAsync())[0].Proposals[0].Change!.ShortHash, Is.EqualTo(first));
        Assert.That(File.GetUnixFileMode(bottle.Home.ApprovalKey), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFiles(bottle.Home.Root, "approval.key*"), Has.Length.EqualTo(1));
        Assert.That(bottle.State[""], Does.Not.StartWith(bottle.Home.ApprovalKey), "no container mounts what stands beside the states");
    }

    [Test]
    public async Task Two_commands_at_once_show_one_name()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var shown = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => bottle.Desk.ListAsync())));
        Assert.That(shown.Select(list => list[0].Proposals[0].Change!.ShortHash).Distinct().Count(), Is.EqualTo(1));
    }

    [TestCase("open", "not this user's alone")]
    [TestCase("short", "it is not a key")]
    public async Task A_key_that_is_none_is_not_used(string what, string why)
    {
        await File.WriteAllBytesAsync(bottle.Home.ApprovalKey, new byte[what == "short" ? 5 : 32]);
        File.SetUnixFileMode(bottle.Home.ApprovalKey, UnixFileMode.UserRead | UnixFileMode.UserWrite | (what == "open" ? UnixFileMode.GroupRead : UnixFileMode.None));
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var failure = (await Assert.ThrowsAsync<BottleException>(() => bottle.Desk.PrepareAsync(bottle.Plan.Identity, Id)))!.Diagnostics.Single();
        Assert.That(failure.Code, Is.EqualTo("BTL3111"));
        Assert.That(failure.Message, Does.Contain(why));
    }

    [Test]
    public async Task A_question_is_recorded_once_before_what_is_decided_about_it_whoever_sees_it_first()
    {
        bottle.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        var recorder = new ProposalRecorder(bottle.Services.Audit, bottle.State);
        await recorder.TendAsync(CancellationToken.None);
        await new ProposalRecorder(bottle.Services.Audit, bottle.State).TendAsync(CancellationToken.None);
        await bottle.Desk.ApproveAsync(await bottle.Desk.PrepareAsync(bottle.Plan.Identity, Id));
        bottle.Ask("egress-block-2", ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/y"));
        await bottle.Desk.RejectAsync(bottle.Plan.Identity, "egress-block-2", "no");
        await recorder.TendAsync(CancellationToken.None);
        Assert.That(ApplyTests.Events(bottle), Is.EqualTo(new[] { "proposed", "approved", "applied", "proposed", "rejected" }));
        Assert.That(AuditCheck.Run(bottle.Home).All(report => report.Verdict.IsWhole));
    }

    private static async Task<Host.Apply.PreparedChange> ChangeAsync(FakeBottle of)
    {
        of.Ask(Id, ProposedQuestion.ForRoute("GET", "https://new.example.com/v1/x"));
        return (await of.Desk.ListAsync())[0].Proposals[0].Change!;
    }
}
