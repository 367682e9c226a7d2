using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Logging;

namespace Bottle.Egress.Tests.Logging;

[Parallelizable(ParallelScope.All)]
public sealed class RequestLogTests
{
    [Test]
    public async Task Control_characters_cannot_forge_lines_or_reach_a_terminal()
    {
        var output = new CapturedLog();
        using var folder = new TemporaryFolder();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 1_000_000), output, TimeProvider.System))
        {
            var record = log.Start();
            (record.Method, record.Path, record.Reason) = ("GET\n{}", "/\u001b[31m\r\n\u202e", "\u0007");
            await log.WriteAsync(record);
        }
        Assert.That(output.Text.TrimEnd('\n'), Does.Not.Match(@"[\x00-\x1f\x7f-\uffff]"));
        Assert.That(output.Text, Is.EqualTo(await File.ReadAllTextAsync(folder.PathOf("requests.jsonl"))));
    }

    [Test]
    public void The_first_and_the_newest_lines_stay_and_the_size_is_bounded()
    {
        using var folder = new TemporaryFolder();
        using (var file = new LogFile(folder.PathOf("requests.jsonl"), 1000))
        {
            for (var i = 0; i < 100; i++)
            {
                file.Append(System.Text.Encoding.ASCII.GetBytes($"line {i:000} {new string('x', 89)}\n"));
            }
        }
        var first = File.ReadAllText(folder.PathOf("requests.jsonl"));
        var second = File.ReadAllText(folder.PathOf("requests.1.jsonl"));
        Assert.That(new[] { first.Length, second.Length }, Has.All.InRange(1, 1000));
        Assert.That(first, Does.StartWith("line 000"));
        Assert.That(second, Does.Contain("line 099"));
    }

    [Test]
    public void Lines_that_come_together_are_parted_between_the_files_and_none_is_broken([Values(1, 999, 1000, 1001, 2500)] int atOnce)
    {
        using var folder = new TemporaryFolder();
        var lines = string.Concat(Enumerable.Range(0, 25).Select(i => $"line {i:000} {new string('x', 90)}\n"));
        using (var file = new LogFile(folder.PathOf("requests.jsonl"), 1000))
        {
            foreach (var batch in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Chunk(Math.Max(atOnce / 100, 1)))
            {
                file.Append(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', batch) + "\n"));
            }
        }
        var first = File.ReadAllText(folder.PathOf("requests.jsonl"));
        var second = File.ReadAllText(folder.PathOf("requests.1.jsonl"));
        Assert.That(lines, Does.StartWith(first));
        Assert.That(lines, Does.EndWith(second));
        Assert.That(new[] { first.Length, second.Length }, Is.EqualTo(new[] { 1000, 500 }));
    }

    [Test]
    public void A_line_longer_than_a_whole_file_is_written_all_the_same()
    {
        using var folder = new TemporaryFolder();
        using (var file = new LogFile(folder.PathOf("requests.jsonl"), 10))
        {
            file.Append("a line of more than ten bytes\nshort\nanother one of more than ten\n"u8);
        }
        Assert.That(File.ReadAllText(folder.PathOf("requests.1.jsonl")), Is.EqualTo("another one of more than ten\n"));
    }

    [Test]
    public async Task Requests_wait_at_their_end_while_the_log_cannot_be_written_and_no_line_is_lost()
    {
        var output = new StuckStream();
        using var folder = new TemporaryFolder();
        var waiting = new List<Task>();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 100_000_000), output, TimeProvider.System))
        {
            await log.WriteAsync(Long(log));
            await output.Entered;
            do
            {
                waiting.Add(log.WriteAsync(Long(log)));
            }
            while (waiting[^1].IsCompleted && waiting.Count < 10_000);
            var isBounded = !waiting[^1].IsCompleted;
            log.WriteConnection(new Authority("a.test", 443), DenialCodes.HostNotListed, "no room for this one");
            // Before anything can fail: the end waits for it.
            output.Release();
            Assert.That(isBounded, Is.True, "a log that nobody writes is bounded");
            await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(30));
        }
        Assert.That(File.ReadLines(folder.PathOf("requests.jsonl")).Count(), Is.EqualTo(waiting.Count + 1));
        Assert.That(output.Lines, Is.EqualTo(waiting.Count + 1));

        static RequestRecord Long(RequestLog log)
        {
            var record = log.Start();
            record.Path = new string('x', 2000);
            return record;
        }
    }

    [TestCase(null, true)]
    [TestCase(502, true)]
    [TestCase(403, false)]
    public async Task The_slot_of_a_credential_is_logged_where_it_was_sent(int? refused, bool isLogged)
    {
        var output = new CapturedLog();
        using var folder = new TemporaryFolder();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 1_000_000), output, TimeProvider.System))
        {
            var record = log.Start();
            record.Route = new Route { Host = "a.test", Auth = new RouteAuth { Scheme = AuthScheme.Bearer, TokenEnv = "EGRESS_TOKEN_0" } };
            record.Refusal = refused is null ? null : DenialCodes.All.First(code => code.Status == refused);
            await log.WriteAsync(record);
        }
        Assert.That(output.Text, isLogged ? Does.Contain("\"credential\":\"EGRESS_TOKEN_0\"") : Does.Not.Contain("EGRESS_TOKEN_0"));
    }

    [Test]
    public async Task A_disk_that_fails_does_not_stop_requests()
    {
        var output = new CapturedLog();
        await using var log = new RequestLog(new LogFile("/proc/nothing/requests.jsonl", 1000), output, TimeProvider.System);
        log.WriteConnection(new Authority("a.test", 443), DenialCodes.HostNotListed, "reason");
        await output.FindAsync(l => (string?)l["host"] == "a.test");
        Assert.That(log.Problem, Does.Contain("cannot be written"));
    }

    [TestCase("\ud800")]
    [TestCase("/a\udc00\ud800b")]
    [TestCase("\ud83d\ude00")]
    public async Task A_text_that_is_no_valid_unicode_breaks_no_line(string end)
    {
        var output = new CapturedLog();
        using var folder = new TemporaryFolder();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 1_000_000), output, TimeProvider.System))
        {
            var record = log.Start();
            // Long enough to be cut, in the middle of a pair where there is one.
            (record.Method, record.Path, record.Reason) = (end, new string('x', 2047) + end, new string('\u0001', 2047) + end);
            await log.WriteAsync(record);
            await log.WriteAsync(log.Start());
        }
        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Select(line => System.Text.Json.Nodes.JsonNode.Parse(line) is not null), Is.EqualTo(new[] { true, true }));
    }

    [Test]
    public async Task A_standard_output_that_fails_stops_no_request_and_the_file_has_every_line()
    {
        using var folder = new TemporaryFolder();
        var output = new BrokenStream();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 100_000_000), output, TimeProvider.System))
        {
            for (var i = 0; i < 2000; i++)
            {
                var record = log.Start();
                record.Path = new string('x', 2000);
                await log.WriteAsync(record).WaitAsync(TimeSpan.FromSeconds(30));
            }
            Assert.That(log.Problem, Does.Contain("standard output"));
        }
        Assert.That(File.ReadLines(folder.PathOf("requests.jsonl")).Count(), Is.EqualTo(2000));
        Assert.That(output.Writes, Is.EqualTo(1), "it is tried no more");
    }

    [Test, NonParallelizable]
    public void A_disk_so_full_that_it_cannot_even_be_told_stops_nothing()
    {
        var error = Console.Error;
        using var full = new StreamWriter(new FileStream("/dev/full", new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = 0 })) { AutoFlush = true };
        try
        {
            Console.SetError(full);
            using var file = new LogFile("/dev/full", 1_000_000);
            file.Append("a line\n"u8);
            Assert.That(file.Problem, Does.Contain("cannot be written"));
        }
        finally
        {
            Console.SetError(error);
        }
    }

    [Test]
    public async Task A_full_disk_does_not_make_the_end_fail()
    {
        var output = new CapturedLog();
        await using (var log = new RequestLog(new LogFile("/dev/full", 1_000_000), output, TimeProvider.System))
        {
            await log.WriteAsync(log.Start());
            await output.FindAsync(_ => true);
            Assert.That(log.Problem, Does.Contain("cannot be written"));
        }
    }

    [Test]
    public async Task What_comes_after_the_end_is_left_out_and_throws_nothing()
    {
        var output = new CapturedLog();
        using var folder = new TemporaryFolder();
        var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 1_000_000), output, TimeProvider.System);
        await log.WriteAsync(log.Start());
        await log.DisposeAsync();
        var text = output.Text;
        log.WriteConnection(new Authority("a.test", 443), DenialCodes.HostNotListed, "late");
        for (var i = 0; i < 1000; i++)
        {
            var late = log.Start();
            late.Path = new string('x', 2000);
            await log.WriteAsync(late).WaitAsync(TimeSpan.FromSeconds(30));
        }
        Assert.That(output.Text, Is.EqualTo(text));
    }

    [Test]
    public async Task Lines_of_many_requests_at_once_are_whole_and_none_is_lost_or_doubled()
    {
        var output = new CapturedLog();
        using var folder = new TemporaryFolder();
        await using (var log = new RequestLog(new LogFile(folder.PathOf("requests.jsonl"), 100_000_000), output, TimeProvider.System))
        {
            await Parallel.ForAsync(0, 5000, async (i, _) =>
            {
                var record = log.Start();
                record.Path = "/" + i + "/" + new string('x', i % 700);
                await log.WriteAsync(record);
            });
        }
        var numbers = File.ReadLines(folder.PathOf("requests.jsonl")).Select(line => ((string)System.Text.Json.Nodes.JsonNode.Parse(line)!["path"]!).Split('/')[1]);
        Assert.That(numbers.Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).Order(), Is.EqualTo(Enumerable.Range(0, 5000)));
        Assert.That(await File.ReadAllTextAsync(folder.PathOf("requests.jsonl")), Is.EqualTo(output.Text));
    }
}
