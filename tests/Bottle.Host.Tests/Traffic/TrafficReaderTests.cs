using System.Text;
using System.Text.Json.Nodes;
using Bottle.Core.Diagnostics;
using Bottle.Host.State;
using Bottle.Host.Traffic;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Host.Tests.Traffic;

[Parallelizable(ParallelScope.All)]
public sealed class TrafficReaderTests
{
    internal static string Line(string host, string decision = "allowed", long bytes = 10, string? credential = null, string time = "2026-11-21T08:00:00.123Z") =>
        $$"""{"time":"{{time}}","method":"GET","scheme":"https","host":"{{host}}","port":443,"path":"/v1/x","route":"bottles/dev.md:3","decision":"{{decision}}","code":{{(decision == "denied" ? "\"BTL6101\"" : "null")}},"reason":null,"status":200,"bytes_in":1,"bytes_out":{{bytes}},"ms":1.5,"generation":1{{(credential is null ? "" : $",\"credential\":\"{credential}\"")}}}""" + "\n";

    [Test]
    public void A_log_is_read_on_from_where_it_was_read_last_and_a_line_that_is_half_there_waits()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, RunRecords.Requests);
        var reader = TrafficReader.OfFolder(folder.Path);
        Assert.That(Hosts(reader), Is.Empty, "nothing yet is no error");
        File.WriteAllText(log, Line("a.test") + Line("b.test"));
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "a.test", "b.test" }));
        Assert.That(Hosts(reader), Is.Empty);
        var third = Line("c.test");
        File.AppendAllText(log, third[..40]);
        Assert.That(Hosts(reader), Is.Empty);
        File.AppendAllText(log, third[40..]);
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "c.test" }));
    }

    [Test]
    public void The_second_file_is_read_from_its_start_whenever_it_starts_over_also_when_it_has_grown_beyond_the_old_place()
    {
        using var folder = new TemporaryFolder();
        var (first, second) = (Path.Combine(folder.Path, RunRecords.Requests), Path.Combine(folder.Path, RunRecords.NewestRequests));
        var reader = TrafficReader.OfFolder(folder.Path);
        File.WriteAllText(first, Line("first.test"));
        File.WriteAllText(second, Line("a.test", time: "2026-11-21T08:00:01Z"));
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "first.test", "a.test" }));
        File.WriteAllText(second, Line("b.test", time: "2026-11-21T08:00:02Z") + Line("c.test", time: "2026-11-21T08:00:03Z"));
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "b.test", "c.test" }));
        File.WriteAllText(second, Line("d.test", time: "2026-11-21T08:00:04Z"));
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "d.test" }));
    }

    [Test]
    public void A_copy_of_the_log_is_gone_on_with_from_the_same_place()
    {
        using var live = new TemporaryFolder();
        using var kept = new TemporaryFolder();
        File.WriteAllText(Path.Combine(live.Path, RunRecords.Requests), Line("a.test"));
        var reader = TrafficReader.OfFolder(live.Path);
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "a.test" }));
        File.WriteAllText(Path.Combine(kept.Path, RunRecords.Requests), Line("a.test") + Line("b.test"));
        reader.GoOnWith(kept.Path);
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "b.test" }));
    }

    [Test]
    public void What_is_no_request_is_counted_and_costs_no_other_line()
    {
        using var folder = new TemporaryFolder();
        var endless = new string('x', 300_000);
        string[] odd = ["{}", "null", "[]", "not json", "{\"truncated\":true}", Line("a.test").TrimEnd('\n').Replace("\"bytes_in\":1", "\"bytes_in\":-1", StringComparison.Ordinal), Line("a.test", decision: "7").TrimEnd('\n'), "\u0000\u001b[2J", endless];
        File.WriteAllText(Path.Combine(folder.Path, RunRecords.Requests), string.Join('\n', odd) + "\n" + Line("good.test"));
        var reader = TrafficReader.OfFolder(folder.Path);
        Assert.That(Hosts(reader), Is.EqualTo(new[] { "good.test" }));
        Assert.That(reader.Unreadable, Is.EqualTo(odd.Length));
    }

    [Test]
    public void A_log_that_is_longer_than_egress_writes_one_is_not_read_to_its_end()
    {
        using var folder = new TemporaryFolder();
        using (var log = File.Create(Path.Combine(folder.Path, RunRecords.Requests)))
        {
            log.Write(Encoding.UTF8.GetBytes(Line("a.test")));
            // Costs whoever makes it nothing, and whoever reads it for ever.
            log.SetLength(1L << 42);
        }
        var reader = TrafficReader.OfFolder(folder.Path);
        var reading = Task.Run(() => Assert.Throws<BottleException>(() => Hosts(reader)));
        Assert.That(reading.Wait(TimeSpan.FromSeconds(60)), Is.True);
        Assert.That(reading.Result!.Diagnostics[0].Code, Is.EqualTo("BTL5301"));
    }

    [Test]
    public void Whatever_a_line_says_it_can_be_written_for_programs_and_for_people()
    {
        var pieces = Gen.Elements("1", "-1", "1e999", "-1e999", "9223372036854775807", "1e18", "null", "true", "\"\\ud800\"", "\"\"", "\"2026-11-21T08:00:00Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"0001-01-01T00:00:00+14:00\"", "{}", "[]");
        var names = Gen.Elements("time", "method", "scheme", "host", "port", "path", "route", "code", "reason", "status", "bytes_in", "bytes_out", "ms", "generation", "lease", "credential");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(names.Zip(pieces).ToArbitrary(), change =>
        {
            var members = JsonNode.Parse(Line("a.test", credential: "slot"))!.AsObject();
            members.Remove(change.Item1);
            var line = members.ToJsonString()[..^1] + $",\"{change.Item1}\":{change.Item2}}}";
            if (TrafficFormat.Read(Encoding.UTF8.GetBytes(line)) is { } record)
            {
                JsonNode.Parse(TrafficFormat.Write("dev-00000", record));
                Assert.That(TrafficText.Line(record).All(InertText.IsHarmless), Is.True);
            }
        }));
    }

    [Test]
    public void Sums_never_turn_round()
    {
        var summary = new TrafficSummary();
        for (var i = 0; i < 3; i++) summary.Add(Record("a.test", TrafficDecision.Allowed) with { BytesIn = long.MaxValue, BytesOut = long.MaxValue - 1 });
        Assert.That(summary.Total, Is.EqualTo(new TrafficTotals(3, 0, 0, long.MaxValue, long.MaxValue)));
        Assert.That(TrafficTotals.Add(summary.Total, summary.Total), Is.EqualTo(new TrafficTotals(6, 0, 0, long.MaxValue, long.MaxValue)));
    }

    [Test]
    public void Names_under_a_wildcard_and_credentials_that_nobody_gave_cost_no_memory_without_end()
    {
        var summary = new TrafficSummary();
        for (var i = 0; i < 20 * TrafficSummary.MostHosts; i++) summary.Add(Record($"h{i}.test", TrafficDecision.Failed) with { Credential = $"slot{i}" });
        summary.Add(Record("h0.test", TrafficDecision.Allowed));
        Assert.That(summary.Hosts, Has.Count.LessThanOrEqualTo((10 * TrafficSummary.MostHosts) + 1));
        Assert.That(summary.Credentials, Has.Count.LessThanOrEqualTo(TrafficSummary.MostHosts + 1));
        Assert.That(summary.Hosts.Sum(host => host.Value.Requests), Is.EqualTo(summary.Total.Requests));
        Assert.That(summary.Credentials.Sum(slot => slot.Value.Requests), Is.EqualTo(summary.Total.Requests - 1));
        Assert.That(summary.Hosts.Single(host => host.Key == "h0.test").Value.Requests, Is.EqualTo(2));
    }

    [Test]
    public void A_link_or_a_folder_in_the_logs_place_is_not_read()
    {
        using var folder = new TemporaryFolder();
        var log = Path.Combine(folder.Path, RunRecords.Requests);
        File.WriteAllText(Path.Combine(folder.Path, "secret"), Line("a.test"));
        File.CreateSymbolicLink(log, Path.Combine(folder.Path, "secret"));
        Assert.That(Assert.Throws<BottleException>(() => Hosts(TrafficReader.OfFolder(folder.Path)))!.Diagnostics[0].Code, Is.EqualTo("BTL5301"));
        File.Delete(log);
        Directory.CreateDirectory(log);
        Assert.That(Assert.Throws<BottleException>(() => Hosts(TrafficReader.OfFolder(folder.Path)))!.Diagnostics[0].Code, Is.EqualTo("BTL5301"));
    }

    [TestCase("", true)]
    [TestCase("denied", true)]
    [TestCase("DENIED post", true)]
    [TestCase("denied get", false)]
    [TestCase("!allowed host.test/v1 403", true)]
    [TestCase("!btl6101", false)]
    [TestCase("!", true)]
    public void A_filter_wants_every_word_and_none_behind_an_exclamation_mark(string filter, bool matches) =>
        Assert.That(new TrafficFilter(filter).Matches(new TrafficRecord { Time = default, Method = "POST", Host = "host.test", Port = 443, Path = "/v1/x", Decision = TrafficDecision.Denied, Status = 403, Code = "BTL6101" }), Is.EqualTo(matches));

    [Test]
    public void An_agent_that_asks_for_endless_hosts_hides_none_that_was_let_through()
    {
        var summary = new TrafficSummary();
        for (var i = 0; i < 3 * TrafficSummary.MostHosts; i++) summary.Add(Record($"h{i}.test", TrafficDecision.Denied));
        summary.Add(Record("real.test", TrafficDecision.Allowed));
        Assert.That(summary.Hosts, Has.Count.LessThanOrEqualTo(TrafficSummary.MostHosts + 1));
        Assert.That(summary.Hosts.Single(host => host.Key == "real.test").Value.Requests, Is.EqualTo(1));
        Assert.That(summary.Hosts.Sum(host => host.Value.Requests), Is.EqualTo(summary.Total.Requests), "nothing is counted twice or not at all");
    }

    [Test]
    public void What_an_agent_wrote_is_inert_on_a_terminal_and_for_programs()
    {
        var record = Record("h.test", TrafficDecision.Denied) with { Path = "/\u001b[31m\u202e", Reason = "a\nb" };
        Assert.That(TrafficText.Line(record).All(InertText.IsHarmless), Is.True);
        Assert.That(TrafficText.Line(record with { BytesIn = 39, BytesOut = 1200 }), Does.Contain("  sent 39 B, got 1.2 kB, "), "of the agent, whose way out this is");
        Assert.That(TrafficFormat.Write("dev-00000", record).All(c => c is >= ' ' and <= '~'), Is.True);
        Assert.That(TrafficFormat.Read(Encoding.UTF8.GetBytes(TrafficFormat.Write("dev-00000", record))), Is.EqualTo(record), "and says the same");
    }

    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(1000, "1 kB")]
    [TestCase(12_345, "12.3 kB")]
    [TestCase(999_999, "1000 kB")]
    [TestCase(123_456_789, "123 MB")]
    public void Bytes_are_written_as_people_do(long bytes, string text) => Assert.That(TrafficText.Bytes(bytes), Is.EqualTo(text));

    internal static TrafficRecord Record(string host, TrafficDecision decision) =>
        new() { Time = DateTimeOffset.UnixEpoch, Method = "GET", Scheme = "https", Host = host, Port = 443, Path = "/", Decision = decision };

    private static List<string> Hosts(TrafficReader reader)
    {
        var hosts = new List<string>();
        reader.ReadOn(record => hosts.Add(record.Host!));
        return hosts;
    }
}
