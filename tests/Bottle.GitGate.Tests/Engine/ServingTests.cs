using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class ServingTests
{
    [Test]
    public async Task Clone_commit_push_and_fetch_work_and_both_sides_agree()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        var said = await gate.ClientDoesAsync("cd w; echo more >> readme; git commit -qam more; git push origin HEAD; git fetch; git pull -q --rebase origin main");
        Assert.That(said, Does.Contain("upstream accepted"));
        Assert.That(await gate.UpstreamRefsAsync(), Does.Contain("refs/heads/agent/work"));
        await gate.AssertInStepAsync();
        Assert.That((await gate.LogAsync()).Count(line => (string?)line["event"] == "push" && (string?)line["decision"] == "accepted"), Is.EqualTo(1));
    }
}
