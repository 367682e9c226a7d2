using System.Threading.Channels;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Dashboard.Model;
using Bottle.Dashboard.Shell;
using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Dashboard.Tests;

/// <summary>Runs as they are watched by their files, which containers write.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class StateWatchTests
{
    private const string Line = """{"time":"2026-11-21T08:00:00Z","method":"GET","host":"a.test","port":443,"path":"/","decision":"allowed","status":200,"bytes_in":0,"bytes_out":2,"ms":1,"generation":1}""" + "\n";

    [Test]
    public async Task A_container_that_spoils_its_log_is_told_of_once_and_hides_neither_other_news_nor_other_runs()
    {
        var home = new BottleHome(Directory.CreateTempSubdirectory("watch-test-").FullName);
        var runner = new CommandRunner();
        var store = new StateStore(home, runner);
        using var spoiled = Create(store, "dev-aaaaa");
        using var good = Create(store, "dev-bbbbb");
        File.CreateSymbolicLink(spoiled[StateLayout.RequestLog], "/etc/hostname");
        var settings = new DashboardSettings
        {
            Services = new ApplyServices(home, store, new DockerEngine(runner), TimeProvider.System),
            Runner = runner,
            Stages = [],
            StopCommand = (_, _) => throw new InvalidOperationException("nothing is stopped"),
            LeaveKeys = () => throw new InvalidOperationException("nothing is edited"),
            Spoken = text => text,
        };
        var events = Channel.CreateUnbounded<DashboardEvent>();
        using var end = new CancellationTokenSource();
        var watching = new StateWatch(settings, happened => events.Writer.TryWrite(happened)).RunAsync(end.Token);
        List<DashboardEvent> seen = [];
        // A round more than is needed: each of them looked at the spoiled log first.
        for (var rounds = 0; rounds < 4; rounds++)
        {
            await File.AppendAllTextAsync(good[StateLayout.RequestLog], Line);
            do
                seen.Add(await events.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
            while (seen[^1] is not DashboardEvent.TrafficSeen { Identity: "dev-bbbbb" });
        }
        await end.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.That(seen.OfType<DashboardEvent.Done>().Single().Message, Does.StartWith("BTL5301"));
        Directory.Delete(home.Root, recursive: true);
    }

    private static StateDirectory Create(StateStore store, string identity)
    {
        var state = store.Create(identity);
        PlanStore.Write(state, Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")))) with { Identity = identity });
        Directory.CreateDirectory(state[StateLayout.EgressLogDirectory]);
        return state;
    }
}
