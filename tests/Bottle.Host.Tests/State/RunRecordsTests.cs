using System.Diagnostics;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using Bottle.Host.State;
using NUnit.Framework;

namespace Bottle.Host.Tests.State;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RunRecordsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly BottleHome home;
    private readonly StateDirectory state;
    private readonly RunRecords records;

    public RunRecordsTests()
    {
        home = new BottleHome(folder.Path);
        state = new StateStore(home, new CommandRunner()).Create("demo-k3x9a");
        records = new RunRecords(home, TimeProvider.System);
        Directory.CreateDirectory(state["egress-log"]);
    }

    public void Dispose()
    {
        state.Dispose();
        folder.Dispose();
    }

    [Test]
    public void The_request_log_is_kept_privately()
    {
        File.WriteAllText(state["egress-log/requests.jsonl"], "{}\n");
        var path = records.CopyRequests(state).Single();
        Assert.That(path, Is.EqualTo(Path.Combine(home.Runs("demo-k3x9a"), "requests.jsonl")));
        Assert.That((File.ReadAllText(path), Convert.ToString((int)File.GetUnixFileMode(path), 8)), Is.EqualTo(("{}\n", "600")));
    }

    [Test]
    public void No_log_is_no_record() => Assert.That(records.CopyRequests(state), Is.Empty);

    [Test]
    public void The_newest_lines_of_a_full_log_are_kept_too()
    {
        File.WriteAllText(state["egress-log/requests.jsonl"], "first\n");
        File.WriteAllText(state["egress-log/requests.1.jsonl"], "newest\n");
        Assert.That(records.CopyRequests(state).Select(path => (Path.GetFileName(path), File.ReadAllText(path))), Is.EqualTo(((string, string)[])[("requests.jsonl", "first\n"), ("requests.1.jsonl", "newest\n")]));
    }

    [TestCase("requests.jsonl", "requests.1.jsonl")]
    [TestCase("requests.1.jsonl", "requests.jsonl")]
    public void A_link_in_place_of_one_does_not_cost_the_other(string link, string log)
    {
        File.CreateSymbolicLink(state[$"egress-log/{link}"], "/etc/hostname");
        File.WriteAllText(state[$"egress-log/{log}"], "{}\n");
        var failure = Assert.Throws<BottleException>(() => records.CopyRequests(state))!;
        Assert.That(failure.Diagnostics.Select(d => d.Message), Is.EqualTo((string[])[$"'{state[$"egress-log/{link}"]}' is not kept"]));
        Assert.That(Directory.GetFiles(home.Runs("demo-k3x9a")).Select(Path.GetFileName), Is.EqualTo((string[])[log]));
    }

    [Test]
    public void A_link_in_its_place_is_not_followed()
    {
        File.WriteAllText(Path.Combine(folder.Path, "secret"), "secret");
        File.CreateSymbolicLink(state["egress-log/requests.jsonl"], Path.Combine(folder.Path, "secret"));
        Assert.That(Assert.Throws<BottleException>(() => records.CopyRequests(state))!.Diagnostics[0].Code, Is.EqualTo("BTL5301"));
        Assert.That(Directory.Exists(home.Runs("demo-k3x9a")), Is.False);
    }

    [Test]
    [CancelAfter(10_000)]
    public void A_pipe_or_a_folder_in_its_place_is_refused_without_waiting()
    {
        Process.Start("mkfifo", [state["egress-log/requests.jsonl"]]).WaitForExit();
        Assert.Throws<BottleException>(() => records.CopyRequests(state));
        File.Delete(state["egress-log/requests.jsonl"]);
        Directory.CreateDirectory(state["egress-log/requests.jsonl"]);
        Assert.Throws<BottleException>(() => records.CopyRequests(state));
    }

    [Test]
    public void Reading_is_capped()
    {
        File.WriteAllText(Path.Combine(folder.Path, "f"), "0123456789");
        var (content, truncated) = SafeReading.Read(Path.Combine(folder.Path, "f"), 4)!.Value;
        Assert.That((System.Text.Encoding.ASCII.GetString(content), truncated), Is.EqualTo(("0123", true)));
    }

    [Test]
    public void A_sparse_giant_does_not_fill_the_disk()
    {
        using (var log = File.Create(state["egress-log/requests.jsonl"]))
            log.SetLength(10L << 30);
        Assert.That(new FileInfo(records.CopyRequests(state)[0]).Length, Is.LessThan(65L << 20));
    }

    [Test]
    public async Task Logs_of_a_run_are_written()
    {
        var path = await records.WriteComposeLogAsync("demo-k3x9a", writer => writer.WriteLineAsync("line"));
        Assert.That((Path.GetFileName(path), File.ReadAllText(path)), Is.EqualTo(("compose.log", "line\n")));
    }

    [Test]
    public void Old_and_large_records_go_first()
    {
        Record("demo-aaaaa", days: 40, bytes: 10);
        Record("demo-bbbbb", days: 3, bytes: 600);
        Record("demo-ccccc", days: 2, bytes: 600);
        Record("demo-ddddd", days: 1, bytes: 600);
        Directory.CreateSymbolicLink(Path.Combine(home.RunsRoot, "demo-eeeee"), folder.Path);
        records.Prune(size: 1300);
        Assert.That(Directory.GetDirectories(home.RunsRoot).Select(d => Path.GetFileName(d)).Order(), Is.EqualTo(new[] { "demo-ccccc", "demo-ddddd", "demo-eeeee" }));
        records.Prune(size: 100);
        Assert.That(Directory.GetDirectories(home.RunsRoot).Select(d => Path.GetFileName(d)).Order(), Is.EqualTo(new[] { "demo-ddddd", "demo-eeeee" }), "the newest stays");
    }

    private void Record(string identity, int days, int bytes)
    {
        Directory.CreateDirectory(home.Runs(identity));
        File.WriteAllBytes(Path.Combine(home.Runs(identity), "requests.jsonl"), new byte[bytes]);
        Directory.SetLastWriteTimeUtc(home.Runs(identity), DateTime.UtcNow.AddDays(-days));
    }
}
