using System.Text.Json;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
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
        Assert.That(await File.ReadAllTextAsync(Seen), Does.Contain("ARGS \n").And.Contain("BOTTLE_EVENT=proposal\n").And.Not.Contain("odd-path").And.Not.Contain("a reason").And.Not.Contain("egress-block-1"));

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

    [Test]
    public async Task Who_asks_faster_than_a_person_could_read_waits_and_is_not_forgotten()
    {
        var time = new SetTime();
        var watch = new ProposalWatch(bottle.Desk, bottle.State, new OperatorHook(new CommandRunner(), ["sh", "-c", $"cat >> {Seen}"]), time);
        const int rounds = 12;
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < 5; i++) bottle.Ask($"egress-block-{round}-{i}", ProposedQuestion.ForRoute("GET", $"https://a{round}b{i}.example.com/"));
            await watch.TendAsync(CancellationToken.None);
            if (round % 6 == 5) time.Now = time.Now.AddMinutes(1);
            // The agent takes them back and asks anew: a thousand ids are no end.
            foreach (var file in Directory.GetFiles(bottle.State[StateLayout.SuperviseProposals])) File.Delete(file);
        }
        Assert.That((await File.ReadAllTextAsync(Seen)).Split("\"identity\"").Length - 1, Is.EqualTo(60), "thirty in each of two minutes");
        for (var i = 0; i < 31; i++) bottle.Ask($"egress-block-late-{i}", ProposedQuestion.ForRoute("GET", $"https://late{i}.example.com/"));
        await watch.TendAsync(CancellationToken.None);
        await watch.TendAsync(CancellationToken.None);
        Assert.That((await File.ReadAllTextAsync(Seen)).Split("\"identity\"").Length - 1, Is.EqualTo(90));
        time.Now = time.Now.AddMinutes(1);
        await watch.TendAsync(CancellationToken.None);
        Assert.That((await File.ReadAllTextAsync(Seen)).Split("\"identity\"").Length - 1, Is.EqualTo(91), "the last one had to wait");
    }

    private ProposalWatch Watch(params string[] command) => new(bottle.Desk, bottle.State, new OperatorHook(new CommandRunner(), command), TimeProvider.System);

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
