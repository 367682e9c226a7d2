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
            file.Flush();
        }
        var first = File.ReadAllText(folder.PathOf("requests.jsonl"));
        var second = File.ReadAllText(folder.PathOf("requests.1.jsonl"));
        Assert.That(new[] { first.Length, second.Length }, Has.All.InRange(1, 1000));
        Assert.That(first, Does.StartWith("line 000"));
        Assert.That(second, Does.Contain("line 099"));
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
}
