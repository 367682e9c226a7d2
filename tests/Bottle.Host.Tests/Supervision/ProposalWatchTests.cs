using System.Text.Json;
using Bottle.Contracts.Supervision;
using Bottle.Host.Processes;
using Bottle.Host.Supervision;
using Bottle.Host.Tests.Apply;
using NUnit.Framework;

namespace Bottle.Host.Tests.Supervision;

/// <summary>on_proposal with a real command.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ProposalWatchTests : IDisposable
{
    private readonly FakeBottle bottle = ApplyTests.Bottle();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        bottle.Dispose();
        folder.Dispose();
    }

    private string Seen => Path.Combine(folder.Path, "seen");

    [Test]
    public async Task The_command_gets_each_proposal_once_as_json_and_nothing_of_the_agents_otherwise()
    {
        var watch = Watch("sh", "-c", $"printf 'ARGS %s\\n' \"$*\" >> {Seen}; env >> {Seen}; cat >> {Seen}.json", "word");
        bottle.Ask("egress-block-1", ProposedQuestion.ForRoute("GET", "https://new.example.com/odd-path"), "a reason; rm -rf \e[2J $(id)");
        Assert.That(await watch.TendAsync(CancellationToken.None), Is.Empty);
        var json = JsonElement.Parse(await File.ReadAllTextAsync(Seen + ".json"));
        Assert.That(json.GetProperty("identity").GetString(), Is.EqualTo(bottle.Plan.Identity));
        Assert.That(json.GetProperty("proposal").GetProperty("reason").GetString(), Is.EqualTo("a reason; rm -rf ␛[2J $(id)"));
        Assert.That(json.GetProperty("proposal").GetProperty("diff_short").GetString(), Has.Length.EqualTo(12));
        Assert.That(await File.ReadAllTextAsync(Seen), Does.Contain("ARGS \n").And.Not.Contain("odd-path").And.Not.Contain("a reason").And.Not.Contain("egress-block-1"));

        await watch.TendAsync(CancellationToken.None);
        Assert.That((await File.ReadAllTextAsync(Seen)).Split("ARGS"), Has.Length.EqualTo(2), "once");
        bottle.Ask("egress-block-2", ProposedQuestion.ForRoute("GET", "https://other.example.com/"));
        await watch.TendAsync(CancellationToken.None);
        Assert.That((await File.ReadAllTextAsync(Seen)).Split("ARGS"), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task What_the_command_fails_at_is_said_and_the_run_goes_on()
    {
        bottle.Ask("egress-block-1", ProposedQuestion.ForRoute("GET", "https://new.example.com/"));
        Assert.That(await Watch("sh", "-c", "echo broken >&2; exit 3").TendAsync(CancellationToken.None), Is.EqualTo(new[] { "on_proposal for egress-block-1: exit code 3: broken" }));
        Assert.That((await Watch("/nowhere/at/all").TendAsync(CancellationToken.None)).Single(), Does.Contain("/nowhere/at/all"));
        Assert.That(await Watch().TendAsync(CancellationToken.None), Is.Empty);
    }

    private ProposalWatch Watch(params string[] command) => new(bottle.Desk, bottle.State, new CommandRunner(), command);
}
